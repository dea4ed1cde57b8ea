#include "src/results/summary.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "src/metrics/statistics.h"
#include "src/results/collect.h"

namespace callflow::results {

namespace {

using metrics::RunRecord;
using metrics::StreamRecord;
using Runs = std::vector<const RunRecord*>;

MetricSummary metricSummary(const std::vector<RunStreams>& runs, metrics::MetricId id) {
  MetricSummary row;
  row.metric = id;
  const std::vector<double> values = runValues(runs, id);
  row.n = static_cast<int>(values.size());
  if (row.n == 0) return row;
  const metrics::Interval mean = metrics::meanInterval(values);
  row.mean = mean.mean;
  row.sd = metrics::standardDeviation(values);
  row.ciLow = mean.low;
  row.ciHigh = mean.high;
  std::vector<double> windows = samples(runs, id);
  std::sort(windows.begin(), windows.end());
  row.windows = static_cast<int>(windows.size());
  row.min = windows.front();
  row.p5 = metrics::percentileOfSorted(windows, 0.05);
  row.p50 = metrics::percentileOfSorted(windows, 0.50);
  row.p95 = metrics::percentileOfSorted(windows, 0.95);
  row.max = windows.back();
  return row;
}

bool samePath(const PathSummary& p, const StreamRecord& s) {
  const auto sameAttempt = [](const metrics::PathAttempt& a, const metrics::PathAttempt& b) {
    return a.kind == b.kind && a.chosen == b.chosen && a.reason == b.reason;
  };
  const auto sameLeg = [](const metrics::Leg& a, const metrics::Leg& b) {
    return a.from == b.from && a.to == b.to && a.transport == b.transport && a.nodes == b.nodes &&
           a.flows == b.flows && a.connectivityIce == b.connectivityIce &&
           a.fromType == b.fromType && a.toType == b.toType;
  };
  return p.path == s.path && p.transport == s.transport &&
         std::equal(p.attempts.begin(), p.attempts.end(), s.attempts.begin(), s.attempts.end(),
                    sameAttempt) &&
         std::equal(p.legs.begin(), p.legs.end(), s.legs.begin(), s.legs.end(), sameLeg);
}

// A scope and what it holds of each run.
struct ScopedRuns {
  Scope scope;
  std::vector<RunStreams> runs;
};

ScopeSummary scopeSummary(const ScopedRuns& scoped) {
  const Scope& scope = scoped.scope;
  ScopeSummary summary;
  summary.call = scope.call;
  summary.from = scope.from;
  summary.to = scope.to;
  summary.medium = scope.medium;
  for (const metrics::Metric& m : metrics::allMetrics()) {
    MetricSummary row = metricSummary(scoped.runs, m.id);
    if (row.n > 0) summary.metrics.push_back(row);
  }
  std::map<std::pair<metrics::DelayCause, std::string>, Duration> budget;
  for (const RunStreams& streams : scoped.runs) {
    for (const StreamRecord* held : streams) {
      const StreamRecord& s = *held;
      for (const metrics::BudgetPart& part : s.budget) {
        budget[{part.cause, part.element}] += part.sum;
      }
      summary.totalDelay += s.totalDelay;
      summary.played += s.played;
      if (scope.from.empty()) continue;  // paths are those of one stream
      const auto known = std::find_if(summary.paths.begin(), summary.paths.end(),
                                      [&](const PathSummary& p) { return samePath(p, s); });
      if (known != summary.paths.end()) {
        ++known->runs;
      } else {
        summary.paths.push_back({s.path, s.transport, s.attempts, s.legs, 1});
      }
    }
  }
  for (const auto& [key, sum] : budget) {
    summary.budget.push_back({key.first, key.second, sum, summary.played});
  }
  std::stable_sort(summary.paths.begin(), summary.paths.end(),
                   [](const PathSummary& a, const PathSummary& b) { return a.runs > b.runs; });
  return summary;
}

// All streams; then calls in the order of their first appearance; then their streams likewise.
std::vector<ScopedRuns> scopesOf(const Runs& runs) {
  const std::vector<RunStreams> nothing(runs.size());
  ScopedRuns everything{Scope{}, nothing};
  std::vector<ScopedRuns> calls;
  std::vector<ScopedRuns> streams;
  std::map<std::string, std::size_t> callAt;
  std::map<std::array<std::string, 4>, std::size_t> streamAt;
  for (std::size_t run = 0; run < runs.size(); ++run) {
    for (const StreamRecord& s : runs[run]->streams) {
      const auto call = callAt.try_emplace(s.call, calls.size());
      if (call.second) calls.push_back({Scope{s.call, {}, {}, {}}, nothing});
      const auto stream = streamAt.try_emplace({s.call, s.from, s.to, s.medium}, streams.size());
      if (stream.second) streams.push_back({Scope{s.call, s.from, s.to, s.medium}, nothing});
      everything.runs[run].push_back(&s);
      calls[call.first->second].runs[run].push_back(&s);
      streams[stream.first->second].runs[run].push_back(&s);
    }
  }
  std::vector<ScopedRuns> all{std::move(everything)};
  std::move(calls.begin(), calls.end(), std::back_inserter(all));
  std::move(streams.begin(), streams.end(), std::back_inserter(all));
  return all;
}

void addFailedCalls(const Runs& runs, VariantSummary& summary) {
  for (const RunRecord* run : runs) {
    for (const metrics::FailedCall& f : run->failedCalls) {
      const auto known = std::find_if(
          summary.failedCalls.begin(), summary.failedCalls.end(), [&](const FailedCallSummary& k) {
            return k.call.call == f.call && k.call.code == f.code && k.call.subcode == f.subcode &&
                   k.call.reasons == f.reasons;
          });
      if (known != summary.failedCalls.end()) {
        ++known->runs;
      } else {
        summary.failedCalls.push_back({f, 1});
      }
    }
  }
}

void addCounters(const Runs& runs, VariantSummary& summary) {
  std::map<std::string, std::size_t> linkAt;
  for (const RunRecord* run : runs) {
    for (const metrics::LinkCounters& l : run->links) {
      const auto found = linkAt.try_emplace(l.link, summary.links.size());
      if (found.second) summary.links.push_back({l.link, 0, 0, 0, {}});
      metrics::LinkCounters& known = summary.links[found.first->second];
      known.sent += l.sent;
      known.lost += l.lost;
      known.queueDrops += l.queueDrops;
      known.busy += l.busy;
    }
    for (const metrics::BoxDrop& d : run->drops) {
      const auto known =
          std::find_if(summary.drops.begin(), summary.drops.end(), [&](const metrics::BoxDrop& k) {
            return k.element == d.element && k.reason == d.reason;
          });
      if (known != summary.drops.end()) {
        known->packets += d.packets;
      } else {
        summary.drops.push_back(d);
      }
    }
  }
  for (const RunRecord* run : runs) {
    for (const metrics::RelayRecord& r : run->relays) {
      const auto known = std::find_if(summary.relays.begin(), summary.relays.end(),
                                      [&](const auto& k) { return k.relay == r.relay; });
      if (known == summary.relays.end()) {
        summary.relays.push_back(r);
        continue;
      }
      known->packets += r.packets;
      known->bytes += r.bytes;
    }
  }
  for (const RunRecord* run : runs) {
    for (const metrics::TrafficRecord& t : run->traffic) {
      const auto known =
          std::find_if(summary.traffic.begin(), summary.traffic.end(),
                       [&](const metrics::TrafficRecord& k) { return k.name == t.name; });
      if (known == summary.traffic.end()) {
        summary.traffic.push_back(t);
        continue;
      }
      known->sent += t.sent;
      known->received += t.received;
      known->time += t.time;
    }
  }
  // Runs may meet drops in another order; the summary must not show which came first.
  std::sort(summary.drops.begin(), summary.drops.end(),
            [](const metrics::BoxDrop& a, const metrics::BoxDrop& b) {
              return std::tie(a.element, a.reason) < std::tie(b.element, b.reason);
            });
}

}  // namespace

std::vector<VariantSummary> summarize(const Result& result) {
  std::vector<VariantSummary> all;
  for (const CaseInput& c : result.cases) {
    const Runs runs = recordsOf(result, c.variant);
    VariantSummary summary;
    summary.variant = c.variant;
    summary.runs = static_cast<int>(runs.size());
    for (const RunRecord* run : runs) {
      if (!run->complete) summary.incomplete.push_back(run->replication);
    }
    for (const ScopedRuns& scoped : scopesOf(runs)) summary.scopes.push_back(scopeSummary(scoped));
    if (!runs.empty()) summary.calls = runs.front()->calls;
    summary.setUp = setUpOf(runs);
    summary.stories = storiesOf(runs);
    summary.ends = endsOf(runs);
    addFailedCalls(runs, summary);
    addCounters(runs, summary);
    all.push_back(std::move(summary));
  }
  return all;
}

const MetricSummary* find(const ScopeSummary& scope, metrics::MetricId id) {
  const auto found = std::find_if(scope.metrics.begin(), scope.metrics.end(),
                                  [&](const MetricSummary& m) { return m.metric == id; });
  return found == scope.metrics.end() ? nullptr : &*found;
}

}  // namespace callflow::results
