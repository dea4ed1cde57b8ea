// Which of the documents' flows a way is, and how ICE has connected its ends: one small network for
// each flow, its label known from the documents' own figures.
#include <catch2/catch.hpp>

#include "src/explain/plan.h"
#include "tests/unit/graph_support.h"

using namespace callflow;
using namespace callflow::explain;
using namespace callflow::topology;
using namespace callflow::topology::testing;

namespace {

Site& siteOf(Topology& net, const std::string& name) {
  for (auto& [key, site] : net.sites)
    if (key == name) return site;
  throw std::invalid_argument(name);
}

// Both ways, which have the same flows.
std::string flow(const NetworkGraph& graph, const std::string& from, const std::string& to) {
  const auto there = graph.route(at(graph, from), at(graph, to));
  const auto back = graph.route(at(graph, to), at(graph, from));
  INFO(from << " to " << to);
  REQUIRE(there.has_value());
  REQUIRE(back.has_value());
  const std::string text = toText(flowLabels(graph, at(graph, from), at(graph, to), *there));
  CHECK(toText(flowLabels(graph, at(graph, to), at(graph, from), *back)) == text);
  return text;
}

// contoso with another home, and a media relay, a media processor and two SBCs of the company's own
// at its head office.
Topology withServers() {
  Topology net = contoso();
  Site other = siteOf(net, "home");
  other.perimeter = {"other-router"};
  net.sites.emplace_back("other", other);
  net.devices.emplace_back("other-router", natDevice());
  net.servers = {{"own-relay", {relay::Relay{}, "hq", {}}},
                 {"own-mixer", {conference::MediaProcessor{}, "hq", {}}},
                 {"sbc-1", {sbc::Sbc{}, "hq", {}}},
                 {"sbc-2", {sbc::Sbc{}, "hq", {}}}};
  return net;
}

const std::vector<Participant> all{who("alice", "hq"), who("bob", "branch"), who("carol", "home"),
                                   who("dan", "other")};

// Carol and dan at home are on the company's VPN, whose gateway stands before hq's firewall.
Topology withVpn(std::vector<wire::AddressRange> around = {}) {
  Topology net = withServers();
  vpn::Vpn gateway;
  gateway.encapsulation = {vpn::Carriage::udp,  4501,
                           DataSize::bytes(64), DataSize::bytes(2),
                           DataSize::bytes(16), DataSize::bytes(1400)};
  gateway.clients = {ip(10, 255, 0, 0), 16};
  gateway.except = std::move(around);
  Device device;
  device.kind = gateway;
  net.devices.emplace_back("gateway", device);
  siteOf(net, "hq").perimeter = {"hq-firewall", "gateway"};
  for (const char* home : {"home", "other"}) siteOf(net, home).vpn = "gateway";
  // Somebody at home who is in no VPN.
  Site plain = siteOf(net, "home");
  plain.perimeter = {"plain-router"};
  plain.vpn.reset();
  net.sites.emplace_back("plain", plain);
  net.devices.emplace_back("plain-router", natDevice());
  return net;
}

struct Planned {
  NetworkGraph graph;
  CallPlan plan;
  Planned(const Topology& net, const Call& asked)
      : graph(net, std::vector{asked}), plan(planCall(graph, net, asked)) {}

  // Of all legs of a path: "4 RELAY Turn Turn udp | 3 RELAY Turn Stun udp".
  std::string legs(const std::string& from, const std::string& to) const {
    const MediaPath* path = plan.path(at(graph, from), at(graph, to));
    REQUIRE(path != nullptr);
    std::string text;
    for (const Leg& leg : path->legs) {
      text += (text.empty() ? "" : " | ") + toText(leg.flows) + " ";
      text += leg.ice ? std::string(name(leg.ice->connectivity)) + " " +
                            std::string(name(leg.ice->from)) + " " + std::string(name(leg.ice->to))
                      : "no ICE";
      text += " " + std::string(name(leg.transport));
    }
    return text;
  }
  std::vector<std::string> signaling() const {
    std::vector<std::string> texts;
    for (const Signaling& each : plan.signaling)
      texts.push_back(graph.element(each.participant).name + " " + graph.element(each.region).name +
                      " " + toText(each.flows));
    return texts;
  }
};

Call group(std::vector<Participant> participants) {
  return callflow::topology::testing::call(std::move(participants), CallKind::group);
}
Call pair(Participant a, Participant b) {
  return callflow::topology::testing::call({std::move(a), std::move(b)});
}

}  // namespace

TEST_CASE("flows are read in all spellings of the documents", "[flows]") {
  for (const char* text : {"1", "1'", "2", "2'", "3", "4", "4'", "5", "5A", "5B", "5C", "6"}) {
    REQUIRE(flowLabelFrom(text).has_value());
    CHECK(name(*flowLabelFrom(text)) == text);
  }
  for (const char* text : {"2'", "2*", "2`"}) CHECK(flowLabelFrom(text) == FlowLabel::flow2Prime);
  CHECK(flowLabelFrom("2") == FlowLabel::flow2);
  CHECK(flowLabelFrom("4*") == FlowLabel::flow4Prime);
  for (const char* text : {"", "'", "7", "2''", "2'*", "5D", "3'", "5A'", "flow 2"})
    CHECK_FALSE(flowLabelFrom(text).has_value());
  CHECK(toText({FlowLabel::flow2Prime, FlowLabel::flow4}) == "2' + 4");
  CHECK(toText(FlowLabels{}).empty());
}

TEST_CASE("customer network, remote users and Azure: flows 2 to 6", "[flows]") {
  const NetworkGraph graph(withServers(), all);
  CHECK(flow(graph, "alice@hq", "azure:westeurope/relay") == "4");
  CHECK(flow(graph, "alice@hq", "azure:westeurope/media-processor") == "4");
  CHECK(flow(graph, "alice@hq", "azure:westeurope") == "4");
  // Out by the head office's uplink.
  CHECK(flow(graph, "bob@branch", "azure:westeurope/relay") == "4");
  CHECK(flow(graph, "carol@home", "azure:westeurope/relay") == "3");
  CHECK(flow(graph, "alice@hq", "bob@branch") == "5");
  CHECK(flow(graph, "alice@hq", "carol@home") == "2");
  CHECK(flow(graph, "carol@home", "dan@other") == "6");
  CHECK(flow(graph, "azure:westeurope/relay", "azure:westeurope/media-processor").empty());
  CHECK(flow(graph, "azure:westeurope/relay", "azure:eastus/media-processor").empty());
}

TEST_CASE("two customer networks meet over the Internet: flow 2", "[flows]") {
  Topology net = withServers();
  Site partner = siteOf(net, "hq");
  partner.subnets = {{ip(10, 3, 0, 0), 16}};
  partner.perimeter = {};
  net.sites.emplace_back("partner", partner);
  const NetworkGraph graph(net, {who("alice", "hq"), who("eve", "partner")});
  CHECK(flow(graph, "alice@hq", "eve@partner") == "2");
}

TEST_CASE("SBCs: 4' from Azure's media server, 5B from clients inside, 5C between them",
          "[flows]") {
  const NetworkGraph graph(withServers(), all);
  CHECK(flow(graph, "azure:westeurope/media-processor", "sbc-1") == "4'");
  CHECK(flow(graph, "azure:westeurope/relay", "sbc-1") == "4");
  CHECK(flow(graph, "alice@hq", "sbc-1") == "5B");
  CHECK(flow(graph, "bob@branch", "sbc-1") == "5B");
  CHECK(flow(graph, "sbc-1", "sbc-2") == "5C");
  CHECK(flow(graph, "carol@home", "sbc-1") == "2");
}

TEST_CASE("a customer's own servers", "[flows]") {
  const NetworkGraph graph(withServers(), all);
  CHECK(flow(graph, "alice@hq", "own-relay") == "5A");
  CHECK(flow(graph, "own-relay", "own-mixer") == "5A");
  CHECK(flow(graph, "carol@home", "own-relay") == "2");
  CHECK(flow(graph, "own-relay", "azure:westeurope/media-processor") == "4");
  CHECK(flow(graph, "alice@hq", "own-mixer") == "5");
  CHECK(flow(graph, "sbc-1", "own-mixer") == "5");
  CHECK(flow(graph, "carol@home", "own-mixer") == "2");
}

TEST_CASE("a private peering makes 1 of 4 and 1' of 4'", "[flows]") {
  Topology net = withServers();
  siteOf(net, "hq").peering = Peering{std::nullopt, link(Duration::ms(3)), {}};
  const NetworkGraph graph(net, all);
  CHECK(flow(graph, "alice@hq", "azure:westeurope/relay") == "1");
  CHECK(flow(graph, "alice@hq", "azure:westeurope") == "1");
  CHECK(flow(graph, "azure:westeurope/media-processor", "sbc-1") == "1'");
  CHECK(flow(graph, "azure:westeurope/relay", "sbc-1") == "1");
  CHECK(flow(graph, "carol@home", "azure:westeurope/relay") == "3");
  CHECK(flow(graph, "alice@hq", "carol@home") == "2");
}

TEST_CASE("a VPN's tunnel is 2', and what goes on from its gateway has its own flow", "[flows]") {
  std::vector<Participant> people = all;
  people.push_back(who("eve", "plain"));
  const NetworkGraph graph(withVpn(), people);
  CHECK(flow(graph, "carol@home", "azure:westeurope/relay") == "2' + 4");
  CHECK(flow(graph, "carol@home", "azure:westeurope") == "2' + 4");
  CHECK(flow(graph, "carol@home", "alice@hq") == "2'");
  CHECK(flow(graph, "carol@home", "sbc-1") == "2'");
  CHECK(flow(graph, "carol@home", "dan@other") == "2' + 2'");
  CHECK(flow(graph, "carol@home", "eve@plain") == "2' + 2");
  CHECK(flow(graph, "eve@plain", "azure:westeurope/relay") == "3");
}

TEST_CASE("what a split tunnel sends around it is no flow 2'", "[flows]") {
  const NetworkGraph graph(withVpn({Service::azure}), all);
  CHECK(flow(graph, "carol@home", "azure:westeurope/relay") == "3");
  CHECK(flow(graph, "carol@home", "alice@hq") == "2'");
}

TEST_CASE("signaling goes to the nearest region by the way that the participant has", "[flows]") {
  const Planned open(withServers(), group({who("alice", "hq"), who("carol", "home")}));
  CHECK(open.signaling() == Names{"alice@hq azure:westeurope 4", "carol@home azure:westeurope 3"});
  const Planned full(withVpn(), group({who("alice", "hq"), who("carol", "home")}));
  CHECK(full.signaling() ==
        Names{"alice@hq azure:westeurope 4", "carol@home azure:westeurope 2' + 4"});
  const Planned split(withVpn({Service::azure}), pair(who("carol", "home"), who("alice", "hq")));
  CHECK(split.signaling() == Names{"carol@home azure:westeurope 3", "alice@hq azure:westeurope 4"});
}

TEST_CASE("legs of a plan have their flows and what ICE made of them", "[flows]") {
  const Participant alice = who("alice", "hq"), bob = who("bob", "branch"),
                    carol = who("carol", "home"), dan = who("dan", "other");
  CHECK(Planned(withServers(), pair(alice, bob)).legs("alice@hq", "bob@branch") ==
        "5 DIRECT OS OS udp");
  // Two NATs that keep mappings: each is known by what STUN has told it.
  CHECK(Planned(withServers(), pair(carol, dan)).legs("carol@home", "dan@other") ==
        "6 DIRECT Stun Stun udp");
  const Planned relayed(withServers(), pair(alice, carol));
  CHECK(relayed.legs("alice@hq", "carol@home") == "4 RELAY Turn Turn udp | 3 RELAY Turn Stun udp");
  CHECK(relayed.legs("carol@home", "alice@hq") == "3 RELAY Stun Turn udp | 4 RELAY Turn Turn udp");
  const Planned star(withServers(), group({alice, carol}));
  CHECK(star.legs("alice@hq", "azure:westeurope/media-processor") == "4 DIRECT Stun OS udp");
  CHECK(star.legs("azure:westeurope/media-processor", "carol@home") == "3 DIRECT OS Stun udp");
  // Through the tunnel, where the address that the VPN has given it is its own.
  CHECK(Planned(withVpn(), pair(carol, alice)).legs("carol@home", "alice@hq") ==
        "2' DIRECT OS OS udp");
}

TEST_CASE("a NAT that maps anew for each peer shows what no STUN server has told", "[flows]") {
  Topology net = withServers();
  for (auto& [name, device] : net.devices) {
    if (name != "home-router") continue;
    Nat symmetric = topology::testing::nat();
    symmetric.mapping = callflow::nat::Dependence::addressAndPortDependent;
    device.kind = symmetric;
  }
  const Planned star(net, group({who("alice", "hq"), who("carol", "home")}));
  CHECK(star.legs("carol@home", "azure:westeurope/media-processor") ==
        "3 DIRECT PeerDerived OS udp");
}

TEST_CASE("both legs of a tunnel through a proxy are one flow", "[flows]") {
  Topology net = withServers();
  siteOf(net, "hq").proxy.present = true;
  Call asked = pair(who("alice", "hq"), who("carol", "home"));
  asked.paths = {PathKind::relayProxy};
  CHECK(Planned(net, asked).legs("alice@hq", "carol@home") ==
        "4 HTTP Turn Turn tcp | 4 HTTP Turn Turn tcp | 3 RELAY Turn Stun udp");
}

TEST_CASE("telephony has no flow and no candidates", "[flows]") {
  Topology net = withServers();
  Participant bob = who("bob", "sbc-1");
  bob.telephone = Telephone::sbc;
  const Planned p(net, group({who("alice", "hq"), bob}));
  CHECK(p.legs("bob@sbc-1", "azure:westeurope/media-processor") == " no ICE udp | 4' no ICE udp");
  CHECK(p.signaling() == Names{"alice@hq azure:westeurope 4"});
}
