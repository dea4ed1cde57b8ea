// Two sides, metric by metric and call by call.
#pragma once

#include <optional>
#include <vector>

#include "src/compare/compare.h"
#include "src/results/collect.h"

namespace callflow::compare {

// Better, worse and so on: by significance (the interval), size (the margin) and the metric's
// direction. A difference that a table would show as zero never is one.
Verdict verdictOf(const MetricDifference& difference);

class Differ {
 public:
  using Runs = std::vector<const metrics::RunRecord*>;
  // All must outlive it.
  Differ(const Runs& a, const Runs& b, const Options& options);

  // Nothing if one side has no value.
  std::optional<MetricDifference> of(const metrics::Measure& measure) const;
  OneSided streams() const;

 private:
  // The streams of a scope on both sides, run by run if paired.
  struct Sides {
    std::vector<results::RunStreams> a, b;
  };
  Sides sidesOf(const metrics::Scope& scope) const;

  Runs a_, b_;
  bool paired_ = false;  // runs of the same number and seed, in step
  const Options& options_;
  Sides all_;
};

// Those calls that fail on either side, in the order of their names.
std::vector<CallDifference> callDifferences(const Differ::Runs& a, const Differ::Runs& b);

}  // namespace callflow::compare
