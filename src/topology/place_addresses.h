// Which addresses a name stands for in the rules of boxes.
#pragma once

#include <string>
#include <vector>

#include "src/topology/graph.h"

namespace callflow::topology {

// Of a site, all of its subnets, or of its hosts where none are written; of a VPN,
// what it gives its clients; of anything else in the graph that has addresses ("alice@hq",
// "hq/proxy", a NAT), its own. Nothing if there is no such thing.
std::vector<Ipv4Prefix> addressesOf(const NetworkGraph& graph, const Topology& topology,
                                    const std::string& place);

}  // namespace callflow::topology
