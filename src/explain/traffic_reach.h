// Whether other traffic gets to its end, and what refuses it: its first packet and the answer,
// tried on boxes that have seen no other.
#pragma once

#include <optional>
#include <string>

#include "src/topology/scenario.h"

namespace callflow::explain {

// "wall refuses tcp 10.1.0.2:20000 to 198.51.100.9:443: denied by rule 3"; nothing: nothing does.
std::optional<std::string> trafficRefusal(const topology::Case& one,
                                          const topology::Traffic& traffic);

}  // namespace callflow::explain
