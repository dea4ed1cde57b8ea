#include "src/compare/difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "src/metrics/statistics.h"
#include "src/results/expectation.h"
#include "src/results/format.h"

namespace callflow::compare {
namespace {

using metrics::RunRecord;
using Runs = Differ::Runs;

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

// Two-sided interval of a difference of means with unequal variances (Welch, Biometrika 34, 1947).
metrics::Interval welch(const std::vector<double>& a, const std::vector<double>& b,
                        double confidence) {
  metrics::Interval interval;
  interval.mean = metrics::mean(b) - metrics::mean(a);
  interval.count = static_cast<std::int64_t>(std::min(a.size(), b.size()));
  interval.low = interval.high = kNothing;
  if (interval.count < 2) return interval;
  const double na = static_cast<double>(a.size());
  const double nb = static_cast<double>(b.size());
  const double va = std::pow(metrics::standardDeviation(a), 2) / na;
  const double vb = std::pow(metrics::standardDeviation(b), 2) / nb;
  double half = 0;
  if (va + vb > 0) {
    const double freedom = (va + vb) * (va + vb) / (va * va / (na - 1) + vb * vb / (nb - 1));
    half = metrics::studentT(freedom, 0.5 + confidence / 2) * std::sqrt(va + vb);
  }
  interval.low = interval.mean - half;
  interval.high = interval.mean + half;
  return interval;
}

// The runs of both sides that share replication number and seed, in step.
std::pair<Runs, Runs> pairs(const Runs& a, const Runs& b) {
  std::pair<Runs, Runs> found;
  for (const RunRecord* x : a) {
    for (const RunRecord* y : b) {
      if (x->replication != y->replication || x->seed != y->seed) continue;
      found.first.push_back(x);
      found.second.push_back(y);
    }
  }
  return found;
}

CallSide sideOf(const Runs& runs, const std::string& call) {
  const results::Connections c = results::connectionsOf(runs, call);
  CallSide side{c.runs, c.connected, c.failed, {}};
  if (c.failure != nullptr) {
    side.reason = fmt::format("{}/{}: {}", c.failure->code, c.failure->subcode,
                              fmt::join(c.failure->reasons, "; "));
  }
  return side;
}

// Which side connects more often, or else with more of those who take part. No side that the call
// is not on.
Verdict verdictOf(const CallSide& a, const CallSide& b) {
  if (a.runs == 0 || b.runs == 0) return Verdict::none;
  const auto more = [](int x, int ofX, int y, int ofY) { return x * ofY - y * ofX; };
  int gain = more(b.connected, b.runs, a.connected, a.runs);
  if (gain == 0) gain = -more(b.failed, b.runs, a.failed, a.runs);
  return gain > 0 ? Verdict::better : gain < 0 ? Verdict::worse : Verdict::none;
}

bool shownAsZero(const metrics::Metric& m, double difference) {
  return results::plainText(m, difference).find_first_not_of("-0.") == std::string::npos;
}

}  // namespace

Verdict verdictOf(const MetricDifference& d) {
  // Sums taken in another order differ in their last bits; that is no difference.
  const double noise = 1e-9 * std::max(std::abs(d.a), std::abs(d.b));
  const double size = std::abs(d.difference);
  if (size <= noise) return Verdict::none;
  if (d.low <= 0 && d.high >= 0) return Verdict::none;
  const metrics::Metric& m = metrics::metric(d.metric);
  if (size < d.margin * (1 - 1e-9) || shownAsZero(m, d.difference)) return Verdict::negligible;
  if (std::isnan(d.low)) return Verdict::undecided;
  switch (m.better) {
    case metrics::Better::higher:
      return d.difference > 0 ? Verdict::better : Verdict::worse;
    case metrics::Better::lower:
      return d.difference < 0 ? Verdict::better : Verdict::worse;
    case metrics::Better::neither:
      break;
  }
  return Verdict::changed;
}

Differ::Differ(const Runs& a, const Runs& b, const Options& options) : options_(options) {
  std::tie(a_, b_) = pairs(a, b);
  paired_ = !a_.empty();
  if (!paired_) {
    a_ = a;
    b_ = b;
  }
  all_ = sidesOf({});
}

Differ::Sides Differ::sidesOf(const metrics::Scope& scope) const {
  auto [a, b] =
      results::inBoth(results::streamsIn(a_, scope), results::streamsIn(b_, scope), paired_);
  return {std::move(a), std::move(b)};
}

std::optional<MetricDifference> Differ::of(const metrics::Measure& measure) const {
  const Sides scoped = measure.scope == metrics::Scope{} ? Sides{} : sidesOf(measure.scope);
  const Sides& sides = measure.scope == metrics::Scope{} ? all_ : scoped;
  MetricDifference d;
  d.metric = measure.metric;
  d.scope = measure.scope;
  d.paired = paired_;
  std::vector<double> valuesA;
  std::vector<double> valuesB;
  if (paired_) {
    for (std::size_t i = 0; i < sides.a.size(); ++i) {
      const double x = results::runValue(sides.a[i], measure.metric);
      const double y = results::runValue(sides.b[i], measure.metric);
      if (std::isnan(x) || std::isnan(y)) continue;
      valuesA.push_back(x);
      valuesB.push_back(y);
    }
  } else {
    valuesA = results::runValues(sides.a, measure.metric);
    valuesB = results::runValues(sides.b, measure.metric);
  }
  if (valuesA.empty() || valuesB.empty()) return std::nullopt;
  const metrics::Interval interval =
      paired_ ? metrics::pairedDifference(valuesA, valuesB, options_.confidence)
              : welch(valuesA, valuesB, options_.confidence);
  d.a = metrics::mean(valuesA);
  d.b = metrics::mean(valuesB);
  d.difference = interval.mean;
  d.low = interval.low;
  d.high = interval.high;
  d.n = static_cast<int>(interval.count);
  const metrics::Metric& m = metrics::metric(measure.metric);
  const auto asked = options_.margins.find(measure.metric);
  d.margin = smallestDifference(m, asked == options_.margins.end() ? m.margin : asked->second, d.a);
  d.verdict = verdictOf(d);
  return d;
}

OneSided Differ::streams() const {
  using Name = std::tuple<std::string, std::string, std::string, std::string>;
  const auto names = [](const Runs& runs) {
    std::set<Name> all;
    for (const RunRecord* run : runs)
      for (const auto& s : run->streams) all.insert({s.call, s.from, s.to, s.medium});
    return all;
  };
  const std::set<Name> inA = names(a_);
  const std::set<Name> inB = names(b_);
  OneSided found;
  for (const Name& name : inA) ++(inB.contains(name) ? found.both : found.onlyA);
  for (const Name& name : inB) found.onlyB += inA.contains(name) ? 0 : 1;
  return found;
}

std::vector<CallDifference> callDifferences(const Runs& a, const Runs& b) {
  std::set<std::string> failing;
  for (const Runs& side : {a, b})
    for (const RunRecord* run : side)
      for (const metrics::FailedCall& f : run->failedCalls) failing.insert(f.call);
  std::vector<CallDifference> found;
  for (const std::string& call : failing) {
    CallDifference d{call, sideOf(a, call), sideOf(b, call), Verdict::none};
    d.verdict = verdictOf(d.a, d.b);
    found.push_back(std::move(d));
  }
  return found;
}

}  // namespace callflow::compare
