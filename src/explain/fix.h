// The smallest changes of a network by which a call gets a better kind of path, found by search:
// what refuses a better one is taken away, and the call is planned again on what comes of it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "src/explain/plan.h"
#include "src/topology/scenario.h"

namespace callflow::explain {

// What a call has at worst, of all who take part; nothing: somebody has no path, or no signaling.
// PathKind's order is that of worth.
using Class = std::optional<topology::PathKind>;
// Whether a path of the first is better than one of the second.
bool isBetter(const Class& a, const Class& b);
Class classOf(const CallPlan& plan);
// Whether somebody's signaling does not get out, as addSignalingRefusals() has found.
bool lacksSignaling(const CallPlan& plan);
std::string nameOf(const Class& of);  // "relay-udp", "no path"

// A line of `change:`.
struct Setting {
  std::string key;
  std::string value;
};

struct Fix {
  std::vector<std::string> changes;  // for people
  std::vector<Setting> settings;     // what is to be written
  Class after;
  topology::Topology topology;  // as it is then
};

struct FixSearch {
  Class before;
  // Fewer changes first, then the better class. None can do without one of its changes, and none
  // is there that has more changes than another for as good a class.
  std::vector<Fix> fixes;
  std::vector<std::string> tried;  // changes that did not do, alone or with others
  std::size_t plans = 0;           // how many networks were planned
  bool exhausted = true;           // all that follows from what refuses was tried
};

// For one call of a case. `plan` is what it has among all calls, with what its signaling meets.
FixSearch findFixes(const topology::Case& one, std::size_t call, const CallPlan& plan);

}  // namespace callflow::explain
