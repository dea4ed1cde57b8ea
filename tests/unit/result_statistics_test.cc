// What is said about a result as a whole.
#include <catch2/catch.hpp>
#include <cmath>

#include "src/results/summary.h"
#include "tests/unit/result_files.h"

namespace callflow::results {
namespace {

using metrics::MetricId;
using test::twoRuns;

TEST_CASE("statistics of a variant, by hand") {
  const auto summary = summarize(twoRuns());
  REQUIRE(summary.size() == 1);
  // Pooled, one call, two streams.
  REQUIRE(summary[0].scopes.size() == 4);
  const MetricSummary* mos = find(summary[0].pooled(), MetricId::audio_mos);
  REQUIRE(mos != nullptr);
  CHECK(mos->n == 2);
  CHECK(mos->mean == Approx(3.5));  // of 3 and 4
  CHECK(mos->sd == Approx(std::sqrt(0.5)));
  // t(1; 0.975) = 12.7062, standard error 0.5.
  CHECK(mos->ciLow == Approx(3.5 - 12.7062 * 0.5).epsilon(1e-4));
  CHECK(mos->ciHigh == Approx(3.5 + 12.7062 * 0.5).epsilon(1e-4));
  CHECK(mos->windows == 12);  // twice 2 3 4 3 4 5
  CHECK(mos->min == 2);
  CHECK(mos->max == 5);
  CHECK(mos->p50 == Approx(3.5));
  // Counters are summed over streams: 10 + 1 and 20 + 1, mean 16.
  CHECK(find(summary[0].pooled(), MetricId::audio_packets_lost)->mean == Approx(16));
  // The longest of any stream: 0.1 and 0.2.
  CHECK(find(summary[0].pooled(), MetricId::audio_longest_interruption)->mean == Approx(0.15));
  CHECK(find(summary[0].pooled(), MetricId::audio_jitter) == nullptr);
  CHECK(summary[0].scopes[2].from == "a");
  CHECK(find(summary[0].scopes[2], MetricId::audio_packets_lost)->mean == Approx(15));
}

}  // namespace
}  // namespace callflow::results
