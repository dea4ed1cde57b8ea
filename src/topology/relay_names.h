// Relays by the names that events and other relays have for them: a server's own, or the region of
// one of Azure's.
#pragma once

#include <string>

#include "src/topology/validate.h"

namespace callflow::topology {

// What is wrong with such a name, and what to write instead; nothing if it is a relay's.
struct RelayNameFault {
  std::string problem, advice;
};
std::optional<RelayNameFault> faultOfRelayName(const Topology& topology, const std::string& name);

// Relays that send clients to one that does not exist, or to themselves.
void validateAlternates(const Topology& topology, const Places& places, Diagnostics& diagnostics);

}  // namespace callflow::topology
