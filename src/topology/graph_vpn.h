// The tunnels of VPNs in the graph. Internal to the graph.
#pragma once

#include "src/topology/graph_addresses.h"
#include "src/topology/graph_data.h"

namespace callflow::topology {

// To be called when all else is there. For each participant of a site with a VPN: the client on its
// computer, and a tunnel to the inside of the gateway. Precondition: the VPN is a device of that
// kind in the perimeter of a site; else std::invalid_argument.
void addVpns(GraphData& data, const Topology& topology, AddressPlan& addresses);

}  // namespace callflow::topology
