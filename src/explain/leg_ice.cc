#include "src/explain/leg_ice.h"

#include <algorithm>

#include "src/explain/hole_punching.h"

namespace callflow::explain {

namespace {

using topology::ElementId;
using topology::ElementKind;

struct End {
  ElementId element{};
  wire::Endpoint socket;
};

class Candidates {
 public:
  Candidates(network::Network& network, const Attempt& chosen, wire::Dscp dscp)
      : network_(network), graph_(network.graph()), chosen_(chosen), dscp_(dscp) {}

  std::optional<IceEnds> of(const Leg& leg) const {
    if (isPstn(graph_, leg)) return std::nullopt;
    IceEnds ends;
    ends.connectivity = leg.tunnel != 0                              ? Connectivity::http
                        : chosen_.kind != topology::PathKind::direct ? Connectivity::relay
                                                                     : Connectivity::direct;
    ends.from = ends.to = CandidateType::turn;
    if (leg.turn) return ends;
    const End from{leg.from, {wire::Ipv4{leg.fromAddress}, leg.fromPort}};
    const End to{leg.to, {wire::Ipv4{leg.toAddress}, leg.toPort}};
    const auto takesPart = [&](const End& end) {
      return kind(end) == ElementKind::participant || kind(end) == ElementKind::relay;
    };
    if (!takesPart(from) && !takesPart(to)) return std::nullopt;
    ends.from = type(from, to);
    ends.to = type(to, from);
    return ends;
  }

 private:
  ElementKind kind(const End& end) const { return graph_.element(end.element).kind; }

  CandidateType type(const End& end, const End& other) const {
    if (kind(end) == ElementKind::relay) return CandidateType::turn;
    // A server answers with its own address only (ICE-lite, RFC 8445 section 2.5).
    if (kind(end) != ElementKind::participant) return CandidateType::os;
    for (const Finding& finding : chosen_.findings) {
      if (finding.goal == Finding::Goal::peer && finding.client == end.element)
        return candidateType(own(end), finding.seen, finding.reflexive);
    }
    return tried(end, other);
  }

  // Its own addresses are those of its interfaces, and a VPN's is one.
  std::vector<wire::Endpoint> own(const End& client) const {
    std::vector<wire::Endpoint> all{client.socket};
    for (const topology::TunnelPlace& tunnel : graph_.tunnels()) {
      if (tunnel.participant == client.element)
        all.push_back({wire::Ipv4{graph_.element(tunnel.client).address}, client.socket.port});
    }
    return all;
  }

  CandidateType tried(const End& client, const End& other) const {
    network_.forget();
    const auto known = serverReflexive(
        network_, {.element = client.element, .socket = client.socket, .route = {}, .dscp = dscp_});
    const auto route = graph_.route(client.element, other.element);
    if (!route) return CandidateType::os;
    const network::Passage passage = network_.tryPacket(
        *route, {client.socket, other.socket, wire::Protocol::udp}, other.socket, {dscp_, false});
    return candidateType(own(client), passage.header.source, known);
  }

  network::Network& network_;
  const topology::NetworkGraph& graph_;
  const Attempt& chosen_;
  wire::Dscp dscp_;
};

}  // namespace

void fillIce(network::Network& network, const Attempt& chosen, wire::Dscp dscp,
             std::vector<Leg>& legs) {
  const Candidates candidates(network, chosen, dscp);
  for (Leg& leg : legs) leg.ice = candidates.of(leg);
}

}  // namespace callflow::explain
