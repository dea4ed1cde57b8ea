// Which values of a result a statistic is about.
#pragma once

#include <string>
#include <vector>

#include "src/metrics/run_record.h"

namespace callflow::results {

// Streams of a call, of one direction of it (`from` not empty), or all (everything empty).
struct Scope {
  std::string call, from, to, medium;
  bool holds(const metrics::StreamRecord& stream) const;
};

// The streams of each run that a scope holds, in the runs' order.
using RunStreams = std::vector<const metrics::StreamRecord*>;
std::vector<RunStreams> streamsIn(const std::vector<const metrics::RunRecord*>& runs,
                                  const Scope& scope);

// One value per run that has any, of all its streams in the scope (poolingOf says how), in the
// runs' order.
std::vector<double> runValues(const std::vector<RunStreams>& runs, metrics::MetricId id);
std::vector<double> runValues(const std::vector<const metrics::RunRecord*>& runs,
                              const Scope& scope, metrics::MetricId id);
// NaN if no stream has a value.
double runValue(const RunStreams& streams, metrics::MetricId id);
double runValue(const metrics::RunRecord& run, const Scope& scope, metrics::MetricId id);

// Of every window of every stream and run; the streams' totals if no window has a value, as in
// calls shorter than a window.
std::vector<double> windowValues(const std::vector<RunStreams>& runs, metrics::MetricId id);
std::vector<double> windowValues(const std::vector<const metrics::RunRecord*>& runs,
                                 const Scope& scope, metrics::MetricId id);

}  // namespace callflow::results
