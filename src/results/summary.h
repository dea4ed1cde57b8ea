// What is said about a result as a whole: statistics of every metric, by stream, by call and
// pooled.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/results/call_story.h"
#include "src/results/result.h"
#include "src/results/text_sink.h"

namespace callflow::results {

// Base units (s, ratio), NaN where there is nothing to compute from.
struct MetricSummary {
  metrics::MetricId metric;
  int n = 0;                     // runs with a value
  double mean = 0, sd = 0;       // over runs; sd is NaN for n = 1
  double ciLow = 0, ciHigh = 0;  // 95 % interval of the mean, Student's t; NaN for n = 1
  int windows = 0;               // samples (collect.h) that the following are over
  double min = 0, p5 = 0, p50 = 0, p95 = 0, max = 0;
};

struct PathSummary {
  std::string path, transport;
  std::vector<metrics::PathAttempt> attempts;
  std::vector<metrics::Leg> legs;
  int runs = 0;  // how many took it
};

// Mean time that a played frame spent, over all runs.
struct BudgetSummary {
  metrics::DelayCause cause;
  std::string element;
  Duration sum;             // over all played frames of all runs
  std::int64_t played = 0;  // frames it is spread over
};

// Empty `call` pools all calls of a variant; empty `from` pools all streams of the call.
struct ScopeSummary {
  std::string call, from, to, medium;
  std::vector<MetricSummary> metrics;  // in the metric table's order; those with no value left out
  std::vector<PathSummary> paths;      // most taken first
  std::vector<BudgetSummary> budget;
  Duration totalDelay;  // of the played frames: the sum of the budget
  std::int64_t played = 0;
};

struct FailedCallSummary {
  metrics::FailedCall call;
  int runs = 0;
};

struct VariantSummary {
  std::string variant;
  int runs = 0;
  std::vector<int> incomplete;       // replications stopped before their end
  std::vector<ScopeSummary> scopes;  // pooled, then per call, then per stream
  std::vector<FailedCallSummary> failedCalls;
  std::vector<metrics::CallRecord> calls;  // of the first run: who signals where is no chance
  std::vector<SetUpSummary> setUp;
  std::vector<CallStory> stories;
  std::vector<EndSummary> ends;
  std::vector<metrics::LinkCounters> links;     // summed over runs
  std::vector<metrics::BoxDrop> drops;          // summed over runs
  std::vector<metrics::TrafficRecord> traffic;  // summed over runs
  std::vector<metrics::RelayRecord> relays;     // summed over runs

  const ScopeSummary& pooled() const { return scopes.front(); }
};

std::vector<VariantSummary> summarize(const Result& result);
// The row of a metric, or null.
const MetricSummary* find(const ScopeSummary& scope, metrics::MetricId id);

// The two files. The same result gives the same bytes.
void writeSummaryJson(const Result& result, const std::vector<VariantSummary>& summary,
                      const TextSink& sink);
void writeSummaryCsv(const std::vector<VariantSummary>& summary, const TextSink& sink);

}  // namespace callflow::results
