// What rules look at: one case of a scenario with its plans, or a bare network with somebody made
// up at each place.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/explain/plan.h"
#include "src/topology/graph.h"
#include "src/topology/scenario.h"

namespace callflow::check {

// The first participant of a site, who stands for all of them there.
struct Person {
  topology::ElementId element{};
  std::string siteName;
  const topology::Site* site = nullptr;
  std::size_t count = 1;  // of participants there
  // Its nearest relay, and the ways there and back.
  std::optional<topology::ElementId> relay = {};
  topology::Route out = {}, back = {};
};

// Which paths the calls of a case take, by the elements of a graph of these.
using PathsOf = std::function<std::vector<explain::CallPlan>(const topology::NetworkGraph& graph,
                                                             const topology::Case& one)>;

class Context {
 public:
  // `share` of a link is what media may take.
  Context(const topology::Case& one, Ratio share, const PathsOf& pathsOf);

  const topology::Topology& topology() const { return one_.topology; }
  const std::vector<topology::Call>& calls() const { return one_.calls; }
  const topology::NetworkGraph& graph() const { return graph_; }
  // Of calls(), in their order.
  const std::vector<explain::CallPlan>& plans() const { return plans_; }
  // One for each site with participants, in the order of the sites.
  const std::vector<Person>& people() const { return people_; }
  // Everybody, made up where there are no calls.
  const std::vector<topology::Participant>& participants() const { return participants_; }
  Ratio share() const { return share_; }
  const PathsOf& pathsOf() const { return pathsOf_; }

 private:
  const topology::Case& one_;
  std::vector<topology::Participant> participants_;
  topology::NetworkGraph graph_;
  std::vector<explain::CallPlan> plans_;
  std::vector<Person> people_;
  Ratio share_;
  PathsOf pathsOf_;
};

}  // namespace callflow::check
