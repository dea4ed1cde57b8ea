#include "src/results/collect.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "src/results/summary.h"

namespace callflow::results {

using metrics::MetricId;
using metrics::RunRecord;
using metrics::StreamRecord;

bool Scope::holds(const StreamRecord& s) const {
  return (call.empty() || call == s.call) &&
         (from.empty() || (from == s.from && to == s.to && medium == s.medium));
}

Pooling poolingOf(MetricId id) {
  switch (id) {
    case MetricId::packets_sent:
    case MetricId::packets_received:
    case MetricId::packets_lost:
    case MetricId::packets_discarded:
    case MetricId::packets_in_flight_at_end:
    case MetricId::retransmissions:
    case MetricId::interruptions:
    case MetricId::windows_200ms:
    case MetricId::windows_15s:
      return Pooling::sum;
    case MetricId::longest_interruption:
    case MetricId::one_way_delay_max:
    case MetricId::loss_200ms_max:
    case MetricId::loss_15s_max:
    case MetricId::jitter_15s_max:
    case MetricId::one_way_delay_15s_max:
      return Pooling::max;
    default:
      return Pooling::mean;
  }
}

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
  switch (poolingOf(id)) {
    case Pooling::sum:
      return sum;
    case Pooling::max:
      return largest;
    case Pooling::mean:
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

std::vector<double> windowValues(const std::vector<RunStreams>& runs, MetricId id) {
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

std::vector<double> windowValues(const std::vector<const RunRecord*>& runs, const Scope& scope,
                                 MetricId id) {
  return windowValues(streamsIn(runs, scope), id);
}

}  // namespace callflow::results
