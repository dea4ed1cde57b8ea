// Which participants have telephones, and how those are reached.
#pragma once

#include <vector>

#include "src/topology/scenario.h"

namespace callflow::topology {

// The SBC of this name, if there is one.
const sbc::Sbc* sbcNamed(const Topology& topology, const std::string& name);

// Tells by their places which participants have telephones. A site's name means the site.
void findTelephones(const Topology& topology, std::vector<Call>& calls);

}  // namespace callflow::topology
