// Changes of a network that may mend a call: a rule of a firewall, what a NAT does, what goes
// around a tunnel, which line traffic takes. Internal to explain's search for fixes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "models/wire/address_range.h"
#include "src/explain/attempt.h"
#include "src/topology/graph.h"
#include "src/topology/model.h"
#include "src/topology/scenario.h"

namespace callflow::explain {

// One thing that somebody would do.
struct Change {
  std::string what;  // for people; no two different ones say the same
  std::function<void(topology::Topology&)> make;
  // The key that it writes in `change:`, and its value in a network in which it is made: rules are
  // written all together, whoever has added to them. Two keys where one alone would be a fault.
  struct Key {
    std::string key;
    std::function<std::string(const topology::Topology&)> value;
  };
  std::vector<Key> keys;
};

// What is to be mended: `refusal` stood against what `client` wanted of a part of the service, in a
// call of `people`.
struct Obstacle {
  topology::ElementId client{};
  Refusal refusal;
  std::vector<topology::ElementId> people;
  wire::Service wanted = wire::Service::azure;
};

// What might remove the obstacle, the most direct first. None if nothing of this kind would.
std::vector<Change> changesAgainst(const topology::NetworkGraph& graph,
                                   const topology::Topology& topology, const Obstacle& obstacle);

}  // namespace callflow::explain
