#include "src/check/rules.h"

#include "src/check/documents.h"

namespace callflow::check {
namespace {

constexpr Rule kRules[] = {
    {"third-party-relay", "Media is relayed by Microsoft's relays", documents::kCustomTurn,
     findThirdPartyRelays},
    {"third-party-server", "Between two ACS endpoints stands no media server or B2BUA of others",
     documents::kDetailedCallFlows, findThirdPartyServers},
    {"sbc", "An SBC has a public address and ends RTP, RTCP and SRTP", documents::kDirectRouting,
     findSbcs},
    {"media-in-vpn", "Media does not travel in VPNs", documents::kDetailedCallFlows,
     findMediaInVpns},
    {"shaper", "Media passes no packet shaper", documents::kDetailedCallFlows, findShapers},
    {"inspector", "Media passes no packet inspection", documents::kDetailedCallFlows,
     findInspectors},
    {"required-ports", "UDP 3478-3481 and TCP 443 are open for media, TCP 443 for signaling",
     documents::kNetwork, findClosedPorts},
    {"marks-kept", "Lines and boxes of the customer's keep DSCP 46, 34 and 18, both ways",
     documents::kQos, findWipedMarks},
    {"marks-sent", "Audio is marked with DSCP 46", documents::kQos, findMarksOfCalls},
    {"nat-mapping", "A NAT keeps the address and port of a UDP socket for all destinations",
     documents::kNetwork, findNatMappings},
    {"nat-pool", "A NAT has ports enough for all who are behind it", documents::kNatSupport,
     findNatPools},
    {"udp-timer", "Idle UDP flows are remembered for two minutes", documents::kRfc4787,
     findUdpTimers},
    {"egress", "Traffic leaves for the Internet near its user", documents::kConnectivity,
     findDistantEgress},
    {"resolver", "The DNS resolver is near its user", documents::kConnectivityTest,
     findDistantResolvers},
    {"bandwidth", "Calls take no more than their share of each line", documents::kPlanner,
     findNarrowLinks},
    {"express-route-ways", "What ExpressRoute carries has no second way over the Internet",
     documents::kTeamsCallFlows, findAsymmetricWays},
    {"express-route-marks", "Over ExpressRoute go the marks 46, 34, 18, 10 and 0 only",
     documents::kExpressRouteQos, findRewrittenMarks},
    {"http-proxy", "Media goes around HTTP proxies", documents::kProxies, findMediaInProxies},
    {"tls-inspection", "Media and signaling are exempt from TLS inspection", documents::kProxies,
     findTlsInspection},
    {"hops", "Three to five hops lead from a client to the network's edge", documents::kQos,
     findHops},
};

}  // namespace

std::span<const Rule> rules() {
  return kRules;
}

}  // namespace callflow::check
