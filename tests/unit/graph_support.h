// Ways through a graph, by names.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "src/topology/graph.h"
#include "tests/unit/small_topologies.h"

namespace callflow::topology::testing {

inline const std::vector<Participant> everybody{who("alice", "hq"), who("bob", "branch"),
                                                who("carol", "home")};

inline ElementId at(const NetworkGraph& graph, const std::string& name) {
  const auto found = graph.find(name);
  INFO(name);
  REQUIRE(found.has_value());
  return *found;
}

// The names of the elements that a route passes, ends included.
inline std::vector<std::string> walk(const NetworkGraph& graph, const std::string& from,
                                     const std::string& to) {
  const auto route = graph.route(at(graph, from), at(graph, to));
  if (!route) return {};
  std::vector<std::string> names{from};
  ElementId here = at(graph, from);
  for (const DirectedLinkId id : *route) {
    CHECK(graph.link(id).from == here);
    here = graph.link(id).to;
    names.push_back(graph.element(here).name);
  }
  CHECK(names.back() == to);
  return names;
}

inline Duration delay(const NetworkGraph& graph, const std::string& from, const std::string& to) {
  const auto route = graph.route(at(graph, from), at(graph, to));
  REQUIRE(route.has_value());
  return graph.baseDelay(*route);
}

using Names = std::vector<std::string>;

}  // namespace callflow::topology::testing
