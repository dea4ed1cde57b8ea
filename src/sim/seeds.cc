#include "src/sim/seeds.h"

#include <ns3/rng-seed-manager.h>

namespace callflow::sim {

namespace {

// ns-3's generator MRG32k3a takes seeds from 1 to its smaller modulus less 1 (P. L'Ecuyer et al.,
// "An object-oriented random-number package", 2002).
constexpr std::uint64_t kLargestSeed = 4294944442;

}  // namespace

void seedStreams(std::uint64_t seed, int replication) {
  ns3::RngSeedManager::SetSeed(static_cast<std::uint32_t>((seed - 1) % kLargestSeed + 1));
  ns3::RngSeedManager::SetRun(static_cast<std::uint64_t>(replication));
}

}  // namespace callflow::sim
