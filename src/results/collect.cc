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
      return Pooling::sum;
    case MetricId::longest_interruption:
    case MetricId::one_way_delay_max:
      return Pooling::max;
    default:
      return Pooling::mean;
  }
}

double runValue(const RunRecord& run, const Scope& scope, MetricId id) {
  double sum = 0;
  double largest = -std::numeric_limits<double>::infinity();
  int n = 0;
  for (const StreamRecord& s : run.streams) {
    const double value = s.totals[id];
    if (!scope.holds(s) || std::isnan(value)) continue;
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

std::vector<double> runValues(const std::vector<const RunRecord*>& runs, const Scope& scope,
                              MetricId id) {
  std::vector<double> values;
  for (const RunRecord* run : runs) {
    const double value = runValue(*run, scope, id);
    if (!std::isnan(value)) values.push_back(value);
  }
  return values;
}

std::vector<double> windowValues(const std::vector<const RunRecord*>& runs, const Scope& scope,
                                 MetricId id) {
  std::vector<double> windows;
  std::vector<double> totals;
  for (const RunRecord* run : runs) {
    for (const StreamRecord& s : run->streams) {
      if (!scope.holds(s)) continue;
      if (!std::isnan(s.totals[id])) totals.push_back(s.totals[id]);
      for (const metrics::Window& w : s.windows) {
        if (!std::isnan(w.values[id])) windows.push_back(w.values[id]);
      }
    }
  }
  return windows.empty() ? totals : windows;
}

}  // namespace callflow::results
