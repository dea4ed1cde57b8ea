// What a run's random numbers begin with.
#pragma once

#include <cstdint>

namespace callflow::sim {

// From here on named streams (models/fabric/random.h) give the draws of this run.
void seedStreams(std::uint64_t seed, int replication);

}  // namespace callflow::sim
