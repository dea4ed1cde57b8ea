// Which values of a result a statistic is about.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/metrics/measure.h"
#include "src/metrics/run_record.h"

namespace callflow::results {

using metrics::Scope;

// The streams of each run that a scope holds, in the runs' order.
using RunStreams = std::vector<const metrics::StreamRecord*>;
std::vector<RunStreams> streamsIn(const std::vector<const metrics::RunRecord*>& runs,
                                  const Scope& scope);

// Of two sides, only the streams that are on both: a call that fails in one must not count in the
// other. Run by run as they stand if `paired`; else by what all runs of a side have.
std::pair<std::vector<RunStreams>, std::vector<RunStreams>> inBoth(const std::vector<RunStreams>& a,
                                                                   const std::vector<RunStreams>& b,
                                                                   bool paired);

// One value per run that has any, of all its streams in the scope (pooled as the metric declares),
// in the runs' order. Its mean is the mean that tables, summaries and expectations speak of.
std::vector<double> runValues(const std::vector<RunStreams>& runs, metrics::MetricId id);
std::vector<double> runValues(const std::vector<const metrics::RunRecord*>& runs,
                              const Scope& scope, metrics::MetricId id);
// NaN if no stream has a value.
double runValue(const RunStreams& streams, metrics::MetricId id);
double runValue(const metrics::RunRecord& run, const Scope& scope, metrics::MetricId id);

// What percentiles, least and largest values are of. A metric that is averaged: every window of
// every stream and run; the streams' totals if no window has a value, as in calls shorter than a
// window. One that counts or takes the largest: the runs' values, because a window ends what goes
// on in the next.
std::vector<double> samples(const std::vector<RunStreams>& runs, metrics::MetricId id);

// NaN if there is nothing to compute from.
double statisticOf(const std::vector<RunStreams>& runs, metrics::MetricId id,
                   std::string_view statistic);

}  // namespace callflow::results
