#include "src/explain/hole_punching.h"

#include <utility>

namespace callflow::explain {

using wire::Endpoint;
using wire::Protocol;

std::optional<Endpoint> serverReflexive(network::Network& network, const PunchingSide& side) {
  const topology::NetworkGraph& graph = network.graph();
  const auto relay = graph.relay(side.element);
  if (!relay) return std::nullopt;
  const auto out = graph.route(side.element, *relay);
  const auto in = graph.route(*relay, side.element);
  if (!out || !in) return std::nullopt;
  const Endpoint server{wire::Ipv4{graph.element(*relay).address}, side.stunPort};
  const network::Passage request =
      network.tryPacket(*out, {side.socket, server, Protocol::udp}, server, {side.dscp, false});
  if (!request.delivered) return std::nullopt;
  const Endpoint seen = request.header.source;
  const network::Passage answer =
      network.tryPacket(*in, {server, seen, Protocol::udp}, side.socket, {side.dscp, false});
  return answer.delivered ? std::optional(seen) : std::nullopt;
}

std::array<PunchingSide, 2> punchHoles(network::Network& network, PunchingSide first,
                                       PunchingSide second) {
  const topology::NetworkGraph& graph = network.graph();
  std::array<PunchingSide, 2> sides{std::move(first), std::move(second)};
  for (PunchingSide& side : sides) side.seen = serverReflexive(network, side);
  const topology::Route& there = sides[0].route;
  // What is beyond a provider's box is not of the sender's network.
  bool overInternet = false;
  for (std::size_t i = 0; i < there.size(); ++i) {
    overInternet = overInternet || topology::turnsAt(graph, there, i) ||
                   graph.link(there[i]).kind == topology::LinkKind::internet;
  }
  for (std::size_t i : {0U, 1U}) {
    const PunchingSide& other = sides[1 - i];
    const Endpoint along{network.addressAlong(sides[i].route, other.socket.address),
                         other.socket.port};
    sides[i].reach = overInternet && other.seen ? *other.seen : along;
  }
  // Who answers is told of the other's candidates with the offer, and checks first (RFC 8445 6.1):
  // where a NAT lets anybody in to a port, but sends from another to whom it has sent before, it
  // decides who of them was first.
  for (int round = 0; round < 3; ++round) {
    for (std::size_t from : {1U, 0U}) {
      PunchingSide& sender = sides[from];
      PunchingSide& receiver = sides[1 - from];
      sender.last = network.tryPacket(sender.route, {sender.socket, sender.reach, Protocol::udp},
                                      receiver.socket, {sender.dscp, false});
      // Whoever gets a packet answers to where it came from (peer-reflexive).
      if (sender.last.delivered) receiver.reach = sender.last.header.source;
    }
  }
  return sides;
}

}  // namespace callflow::explain
