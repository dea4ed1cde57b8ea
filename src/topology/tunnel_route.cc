#include "src/topology/tunnel_route.h"

namespace callflow::topology {

Route carriersOf(const NetworkGraph& graph, DirectedLinkId tunnel) {
  const DirectedLink& link = graph.link(tunnel);
  if (link.kind != LinkKind::tunnel) return {};
  const bool up = link.direction == Direction::up;
  for (const TunnelPlace& place : graph.tunnels()) {
    if (place.up != (up ? tunnel : link.reverse)) continue;
    const auto route = up ? graph.route(place.participant, place.gateway)
                          : graph.route(place.gateway, place.participant);
    return route.value_or(Route{});
  }
  return {};
}

}  // namespace callflow::topology
