// What a scenario writes that is no fault, and still hardly meant. Internal to loading.
#pragma once

#include <string>
#include <vector>

#include "src/config/node.h"
#include "src/diag/diag.h"
#include "src/topology/scenario.h"

namespace callflow::topology {

// A change whose map replaces a map takes the keys with it that only the old one had.
void warnOfReset(const config::NodePtr& tree, const config::Node::Entry& change,
                 const std::string& path, Diagnostics& diagnostics);

// A resolved case but for its name and what is expected of it: equal for equal cases.
std::string withoutVariants(const std::string& resolved);

// A variant that changes nothing, or the same as one before it. `plain` is the scenario as it
// stands without variants, as withoutVariants() gives it.
void warnOfSameVariants(const config::NodePtr& root, const std::vector<Case>& cases,
                        const std::string& plain, Diagnostics& diagnostics);

}  // namespace callflow::topology
