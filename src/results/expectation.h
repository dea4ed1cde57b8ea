// Does the result keep what its scenario expects?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/metrics/expectation.h"
#include "src/results/result.h"

namespace callflow::results {

struct Outcome {
  std::string text;
  std::string variant;
  bool passed = false;
  std::optional<double> measured;  // in the unit of the limit; empty if nothing was measured
  std::string note;                // what was found where nothing was measured; else empty
};

// One outcome per expectation and variant that it is about, in that order. The statistic is that of
// the tables and of summary.csv (collect.h); of a difference, over the streams and runs that both
// variants have. What cannot be measured, because the call failed, has not passed.
std::vector<Outcome> evaluate(const std::vector<metrics::Expectation>& expectations,
                              const Result& result);

// "ok    audio.mos.p5 >= 3.6 in udp-open   3.61" lines, `FAIL` where it did not pass.
std::string renderOutcomes(const std::vector<Outcome>& outcomes);

// How often a call, or a participant of one, connected in a variant's runs.
struct Connections {
  int runs = 0;                                  // in which it was to
  int connected = 0;                             // with all that take part
  int failed = 0;                                // with nobody, or without the participant
  const metrics::FailedCall* failure = nullptr;  // the first
};
Connections connectionsOf(const std::vector<const metrics::RunRecord*>& runs,
                          const std::string& subject);

// A call that does not connect in a variant, and of which no expectation says anything there.
struct UnexpectedFailure {
  std::string variant, call;
};
std::vector<UnexpectedFailure> unexpectedFailures(
    const std::vector<metrics::Expectation>& expectations, const Result& result);

}  // namespace callflow::results
