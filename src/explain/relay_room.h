// What relays have left to give out when clients ask them, in the order in which they do. Internal
// to explain.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "src/explain/paths.h"
#include "src/topology/graph.h"
#include "src/topology/scenario.h"

namespace callflow::explain {

class RelayRoom {
 public:
  // Must not outlive the graph.
  explicit RelayRoom(const topology::NetworkGraph& graph) : graph_(graph) {}

  // A client of a call that begins asks for an allocation by each transport that it reaches its
  // relay by, and has them until the call ends. It goes to the nearest relay; if that is full, to
  // where it sends its clients, or to the next nearest. Sets the client's relay, and why it is not
  // another.
  void ask(Client& client, const topology::Call& call, const PathFinder& finder);

 private:
  struct Held {
    Duration until;
    int allocations = 0;
  };
  struct Left {
    int allocations = 0;
    Refusal beyond;  // of one more
  };
  Left left(topology::ElementId relay, Duration now) const;
  std::optional<topology::ElementId> next(topology::ElementId client, const topology::Call& call,
                                          const std::vector<topology::ElementId>& asked) const;

  const topology::NetworkGraph& graph_;
  std::map<topology::ElementId, std::vector<Held>> held_;
};

}  // namespace callflow::explain
