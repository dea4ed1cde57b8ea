// Adds Azure's own network to a graph: edges, regions with their servers, and the backbone between
// them. Internal to the graph.
#pragma once

#include <vector>

#include "src/topology/graph_azure.h"
#include "src/topology/graph_data.h"

namespace callflow::topology {

struct Backbone {
  AzurePlan plan;
  std::vector<ElementId> edges;  // as the plan has them
  std::vector<ElementId> regions;
};

Backbone addBackbone(GraphData& data, const Azure& azure, AzurePlan plan);

}  // namespace callflow::topology
