// `audio.mos.p5 >= 3.6 in udp-open`: does the result keep what its scenario expects?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/results/result.h"

namespace callflow::results {

enum class Relation { less, less_equal, greater, greater_equal };

struct Expectation {
  std::string metric;     // "audio.mos"
  std::string statistic;  // "p5"
  Relation relation = Relation::greater_equal;
  double limit = 0;     // in the unit that the metric is written in
  std::string variant;  // empty: every variant
  std::string text;     // as the user wrote it
};

// mean, min, p5, p50, p95, max
const std::vector<std::string>& statisticNames();

// What is wrong with its metric or statistic, as half a sentence with the nearest name, or empty.
// `variants` are those of the scenario.
std::string problemOf(const Expectation& expectation, const std::vector<std::string>& variants);

struct Outcome {
  std::string text;
  std::string variant;
  bool passed = false;
  std::optional<double> measured;  // in the unit of the limit; empty if nothing was measured
  std::string note;                // why nothing was measured; else empty
};

// One outcome per expectation and variant that it is about, in that order. The statistic is over
// the windows of all streams and runs of the variant (over the streams' totals where the call is
// shorter than a window). What cannot be measured, because the call failed, has not passed.
std::vector<Outcome> evaluate(const std::vector<Expectation>& expectations, const Result& result);

// "ok    audio.mos.p5 >= 3.6 in udp-open   3.61" lines, `FAIL` where it did not pass.
std::string renderOutcomes(const std::vector<Outcome>& outcomes);

}  // namespace callflow::results
