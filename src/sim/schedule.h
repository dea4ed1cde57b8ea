// What is to happen at a time of the simulation.
#pragma once

#include <functional>

#include "src/units/units.h"

namespace callflow::sim {

// Not in the past.
void at(TimePoint when, std::function<void()> what);

}  // namespace callflow::sim
