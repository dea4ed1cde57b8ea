// Adds telephones to a graph, and the lines to them. Internal to the graph.
#pragma once

#include <vector>

#include "src/topology/graph_addresses.h"
#include "src/topology/graph_data.h"

namespace callflow::topology {

// Each behind its SBC, or behind the trunks of all regions: a call takes that of its media
// processor. To be called when servers and regions are there.
void addTelephones(GraphData& data, const Topology& topology,
                   const std::vector<Participant>& participants, AddressPlan& addresses);

}  // namespace callflow::topology
