// What lies under a tunnel: the links that the packets of a VPN's client cross.
#pragma once

#include "src/topology/graph.h"

namespace callflow::topology {

// The links that carry what crosses the link, in order; empty if it is no tunnel.
Route carriersOf(const NetworkGraph& graph, DirectedLinkId tunnel);

}  // namespace callflow::topology
