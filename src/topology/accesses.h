// Clients with two accesses: alice@home+phone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/topology/graph.h"
#include "src/topology/scenario.h"

namespace callflow::topology {

// What an element that is a client's interface is to that client.
ice::AccessKind accessKind(const Topology& topology, const Element& interface);

// Puts the site whose access is the better kind first, of each participant with two; of equals the
// one that is written first.
void preferAccesses(const Topology& topology, std::vector<Call>& calls);

// Why a participant of a call cannot have the second access that is written, and what to write
// instead; nothing if they can, or have none.
struct AccessFault {
  std::string problem, advice;
};
std::optional<AccessFault> secondAccessFault(const Topology& topology, const Call& call,
                                             const Participant& who);

}  // namespace callflow::topology
