// Least-delay routes under policy, on Boost.Graph. Internal to the graph.
#pragma once

#include <memory>
#include <optional>

#include "src/topology/graph_data.h"

namespace callflow::topology {

class RouteFinder {
 public:
  explicit RouteFinder(const GraphData& data);  // keeps a reference to the data
  ~RouteFinder();

  std::optional<Route> find(ElementId from, ElementId to) const;

 private:
  struct Graph;
  std::unique_ptr<Graph> graph_;
};

}  // namespace callflow::topology
