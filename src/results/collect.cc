#include "src/results/collect.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string_view>
#include <tuple>

#include "src/metrics/statistics.h"

namespace callflow::results {

using metrics::MetricId;
using metrics::RunRecord;
using metrics::StreamRecord;

std::vector<RunStreams> streamsIn(const std::vector<const RunRecord*>& runs, const Scope& scope) {
  std::vector<RunStreams> all;
  for (const RunRecord* run : runs) {
    RunStreams& streams = all.emplace_back();
    for (const StreamRecord& s : run->streams) {
      if (scope.holds(s)) streams.push_back(&s);
    }
  }
  return all;
}

namespace {

using Name = std::tuple<std::string_view, std::string_view, std::string_view, std::string_view>;

Name nameOf(const StreamRecord& s) {
  return {s.call, s.from, s.to, s.medium};
}

std::set<Name> namesOf(const RunStreams& streams) {
  std::set<Name> names;
  for (const StreamRecord* s : streams) names.insert(nameOf(*s));
  return names;
}

std::set<Name> namesOf(const std::vector<RunStreams>& runs) {
  std::set<Name> names;
  for (const RunStreams& streams : runs) names.merge(namesOf(streams));
  return names;
}

RunStreams among(const RunStreams& streams, const std::set<Name>& names) {
  RunStreams kept;
  for (const StreamRecord* s : streams)
    if (names.contains(nameOf(*s))) kept.push_back(s);
  return kept;
}

}  // namespace

std::pair<std::vector<RunStreams>, std::vector<RunStreams>> inBoth(const std::vector<RunStreams>& a,
                                                                   const std::vector<RunStreams>& b,
                                                                   bool paired) {
  std::pair<std::vector<RunStreams>, std::vector<RunStreams>> both;
  const std::set<Name> allA = namesOf(a);
  const std::set<Name> allB = namesOf(b);
  for (std::size_t i = 0; i < a.size(); ++i)
    both.first.push_back(among(a[i], paired ? namesOf(b[i]) : allB));
  for (std::size_t i = 0; i < b.size(); ++i)
    both.second.push_back(among(b[i], paired ? namesOf(a[i]) : allA));
  return both;
}

double runValue(const RunStreams& streams, MetricId id) {
  double sum = 0;
  double largest = -std::numeric_limits<double>::infinity();
  int n = 0;
  for (const StreamRecord* s : streams) {
    const double value = s->totals[id];
    if (std::isnan(value)) continue;
    sum += value;
    largest = std::max(largest, value);
    ++n;
  }
  if (n == 0) return std::numeric_limits<double>::quiet_NaN();
  switch (metrics::metric(id).pooling) {
    case metrics::Pooling::sum:
      return sum;
    case metrics::Pooling::max:
      return largest;
    case metrics::Pooling::mean:
      break;
  }
  return sum / n;
}

double runValue(const RunRecord& run, const Scope& scope, MetricId id) {
  return runValue(streamsIn({&run}, scope).front(), id);
}

std::vector<double> runValues(const std::vector<RunStreams>& runs, MetricId id) {
  std::vector<double> values;
  for (const RunStreams& streams : runs) {
    const double value = runValue(streams, id);
    if (!std::isnan(value)) values.push_back(value);
  }
  return values;
}

std::vector<double> runValues(const std::vector<const RunRecord*>& runs, const Scope& scope,
                              MetricId id) {
  return runValues(streamsIn(runs, scope), id);
}

std::vector<double> samples(const std::vector<RunStreams>& runs, MetricId id) {
  if (metrics::metric(id).pooling != metrics::Pooling::mean) return runValues(runs, id);
  std::vector<double> windows;
  std::vector<double> totals;
  for (const RunStreams& streams : runs) {
    for (const StreamRecord* s : streams) {
      if (!std::isnan(s->totals[id])) totals.push_back(s->totals[id]);
      for (const metrics::Window& w : s->windows) {
        if (!std::isnan(w.values[id])) windows.push_back(w.values[id]);
      }
    }
  }
  return windows.empty() ? totals : windows;
}

double statisticOf(const std::vector<RunStreams>& runs, MetricId id, std::string_view statistic) {
  if (statistic == "mean") return metrics::mean(runValues(runs, id));
  const std::vector<double> values = samples(runs, id);
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  if (statistic == "min") return *std::min_element(values.begin(), values.end());
  if (statistic == "max") return *std::max_element(values.begin(), values.end());
  return metrics::percentile(values, metrics::percentOf(statistic) / 100.0);
}

}  // namespace callflow::results
