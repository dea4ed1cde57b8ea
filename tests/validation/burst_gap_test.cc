// Bursts and gaps of RFC 3611 against traces worked out by its definition.
#include "models/quality/burst_gap.h"

#include <catch2/catch.hpp>

#include <string>
#include <tuple>

namespace callflow::quality {
namespace {

BurstGap of(const std::string& trace, std::int64_t gmin) {
  BurstGapCounter counter(gmin);
  for (const char packet : trace) counter.add(packet == 'L' || packet == '1');
  return counter.result();
}

TEST_CASE("bursts and gaps of short traces") {
  // R received, L lost; Gmin 4. Durations in packets.
  const auto [trace, burstDensity, gapDensity, burst, gap] =
      GENERATE(table<std::string, double, double, double, double>(
          {{"RRLRLLRRRRRLRRRRR", 3.0 / 4, 1.0 / 13, 4, 6.5},  // gaps of 2 and 11 packets
           {"RRRRR", 0, 0, 0, 5},
           {"LLLLL", 1, 0, 5, 0},
           {"RRRRLRRRR", 0, 1.0 / 9, 0, 9},
           {"LRRRRL", 0, 1.0 / 3, 0, 6},
           {"LRRRL", 2.0 / 5, 0, 5, 0},
           {"RLRLRLRL", 4.0 / 7, 0, 7, 1}}));
  INFO(trace);
  const BurstGap result = of(trace, 4);
  CHECK(result.burstDensity == Approx(burstDensity));
  CHECK(result.gapDensity == Approx(gapDensity));
  CHECK(result.burstLength == Approx(burst));
  CHECK(result.gapLength == Approx(gap));
}

TEST_CASE("with the recommended Gmin of 16") {
  // One burst of two packets; gaps of 3 and 29 packets, of which one is missing.
  const BurstGap result = of("0001100000000000000000000000010000", 16);
  CHECK(result.burstLength == 2);
  CHECK(result.burstDensity == 1);
  CHECK(result.gapLength == 16);
  CHECK(result.gapDensity == Approx(1.0 / 32));
}

}  // namespace
}  // namespace callflow::quality
