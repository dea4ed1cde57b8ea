// The generator against ns-3's.
#include <ns3/rng-stream.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <random>

#include "models/fabric/mrg32k3a.h"

using namespace callflow::fabric;

TEST_CASE("the generator gives ns-3's numbers, of any seed, stream and substream") {
  std::mt19937_64 random(3);
  int different = 0;
  for (int i = 0; i < 300; ++i) {
    const auto seed = static_cast<std::uint32_t>(i < 10 ? static_cast<std::uint64_t>(i) + 1
                                                        : 1 + random() % (Mrg32k3a::kModulus2 - 1));
    const std::uint64_t stream = i % 3 == 0 ? random() % 5 : random();
    const std::uint64_t substream = i % 2 == 0 ? random() : random() % 20;
    ns3::RngStream theirs(seed, stream, substream);
    Mrg32k3a ours(seed, stream, substream);
    for (int k = 0; k < 300; ++k) different += theirs.RandU01() == ours.uniform() ? 0 : 1;
  }
  CHECK(different == 0);
}
