// What a client typically saw of several simulations of one condition.
#pragma once

#include <vector>

#include "validation/ice_study.h"

namespace callflow::validation {

// At least one; of one condition and one side. What most of them say: the pair and its transport
// together, whether something happened at all, the order of the states. Times are the median of
// those that say it: the lower one of two in the middle, so that it is one that was simulated.
IceFigures typicalOf(const std::vector<IceFigures>& simulations);

}  // namespace callflow::validation
