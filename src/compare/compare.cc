#include "src/compare/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "src/compare/scales.h"
#include "src/metrics/statistics.h"
#include "src/results/collect.h"
#include "src/results/sweep.h"

namespace callflow::compare {

namespace {

using metrics::MetricId;
using metrics::RunRecord;
using metrics::StreamRecord;
using results::Result;
using results::ResultError;
using Runs = std::vector<const RunRecord*>;

struct Side {
  std::string label;
  const Result* result;
  std::string variant;
};

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

// Two-sided interval of a difference of means with unequal variances (Welch, Biometrika 34, 1947).
metrics::Interval welch(const std::vector<double>& a, const std::vector<double>& b,
                        double confidence) {
  metrics::Interval interval;
  interval.mean = metrics::mean(b) - metrics::mean(a);
  interval.count = static_cast<std::int64_t>(std::min(a.size(), b.size()));
  interval.low = interval.high = nothing;
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

Verdict verdictOf(const MetricDifference& d) {
  // Sums taken in another order differ in their last bits; that is no difference.
  const double noise = 1e-9 * std::max(std::abs(d.a), std::abs(d.b));
  if (std::abs(d.difference) <= noise) return Verdict::none;
  if (std::isnan(d.low)) return Verdict::undecided;
  if (d.low <= 0 && d.high >= 0) return Verdict::none;
  switch (metrics::metric(d.metric).better) {
    case metrics::Better::higher:
      return d.difference > 0 ? Verdict::better : Verdict::worse;
    case metrics::Better::lower:
      return d.difference < 0 ? Verdict::better : Verdict::worse;
    case metrics::Better::neither:
      break;
  }
  return Verdict::changed;
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

std::optional<MetricDifference> metricDifference(const Runs& a, const Runs& b, MetricId id,
                                                 double confidence) {
  MetricDifference d;
  d.metric = id;
  const auto [paired_a, paired_b] = pairs(a, b);
  std::vector<double> values_a;
  std::vector<double> values_b;
  for (std::size_t i = 0; i < paired_a.size(); ++i) {
    const double x = results::runValue(*paired_a[i], {}, id);
    const double y = results::runValue(*paired_b[i], {}, id);
    if (std::isnan(x) || std::isnan(y)) continue;
    values_a.push_back(x);
    values_b.push_back(y);
  }
  d.paired = !values_a.empty();
  if (!d.paired) {
    values_a = results::runValues(a, {}, id);
    values_b = results::runValues(b, {}, id);
    if (values_a.empty() || values_b.empty()) return std::nullopt;
  }
  const metrics::Interval interval = d.paired
                                         ? metrics::pairedDifference(values_a, values_b, confidence)
                                         : welch(values_a, values_b, confidence);
  d.a = metrics::mean(values_a);
  d.b = metrics::mean(values_b);
  d.difference = interval.mean;
  d.low = interval.low;
  d.high = interval.high;
  d.n = static_cast<int>(interval.count);
  d.verdict = verdictOf(d);
  return d;
}

const StreamRecord* streamLike(const Runs& runs, const StreamRecord& s) {
  for (const RunRecord* run : runs) {
    for (const StreamRecord& other : run->streams) {
      if (other.call == s.call && other.from == s.from && other.to == s.to &&
          other.medium == s.medium) {
        return &other;
      }
    }
  }
  return nullptr;
}

PathSide sideOf(const StreamRecord* s) {
  return s == nullptr ? PathSide{} : PathSide{s->path, s->transport, s->attempts, s->legs};
}

// The elements passed matter too: a path of the same kind may go through other places.
bool samePath(const StreamRecord& a, const StreamRecord& b) {
  return a.path == b.path && a.transport == b.transport &&
         std::equal(a.legs.begin(), a.legs.end(), b.legs.begin(), b.legs.end(),
                    [](const metrics::Leg& x, const metrics::Leg& y) {
                      return x.transport == y.transport && x.nodes == y.nodes;
                    });
}

// Paths of the first run of each side that has the stream.
std::vector<PathDifference> pathDifferences(const Runs& a, const Runs& b) {
  std::vector<PathDifference> found;
  const auto known = [&](const StreamRecord& s) {
    return std::any_of(found.begin(), found.end(), [&](const PathDifference& d) {
      return d.call == s.call && d.from == s.from && d.to == s.to && d.medium == s.medium;
    });
  };
  const auto look = [&](const Runs& runs) {
    for (const RunRecord* run : runs) {
      for (const StreamRecord& s : run->streams) {
        if (known(s)) continue;
        const StreamRecord* in_a = streamLike(a, s);
        const StreamRecord* in_b = streamLike(b, s);
        if (in_a != nullptr && in_b != nullptr && samePath(*in_a, *in_b)) continue;
        found.push_back({s.call, s.from, s.to, s.medium, sideOf(in_a), sideOf(in_b)});
      }
    }
  };
  look(a);
  look(b);
  return found;
}

const metrics::FailedCall* failureOf(const Runs& runs, const std::string& call) {
  for (const RunRecord* run : runs) {
    for (const metrics::FailedCall& f : run->failed_calls) {
      if (f.call == call) return &f;
    }
  }
  return nullptr;
}

std::vector<CallDifference> callDifferences(const Runs& a, const Runs& b) {
  std::vector<CallDifference> found;
  const auto look = [&](const Runs& failing, const Runs& other, bool in_a) {
    for (const RunRecord* run : failing) {
      for (const metrics::FailedCall& f : run->failed_calls) {
        const bool seen = std::any_of(found.begin(), found.end(), [&](const CallDifference& d) {
          return d.call == f.call && d.failed_in_a == in_a;
        });
        if (seen || failureOf(other, f.call) != nullptr) continue;
        found.push_back({f.call, in_a,
                         fmt::format("{}/{}: {}", f.code, f.subcode, fmt::join(f.reasons, "; "))});
      }
    }
  };
  look(a, b, true);
  look(b, a, false);
  return found;
}

std::string resolvedOf(const Side& side) {
  for (const results::CaseInput& c : side.result->cases) {
    if (c.variant == side.variant) return c.resolved_yaml;
  }
  return {};
}

Comparison compareSides(const Side& a, const Side& b, const Options& options) {
  Comparison c;
  c.label_a = a.label;
  c.label_b = b.label;
  c.confidence = options.confidence;
  const Runs runs_a = recordsOf(*a.result, a.variant);
  const Runs runs_b = recordsOf(*b.result, b.variant);
  for (const MetricId id : options.metrics) {
    if (auto d = metricDifference(runs_a, runs_b, id, options.confidence)) c.metrics.push_back(*d);
  }
  for (const MetricId id : options.if_different) {
    auto d = metricDifference(runs_a, runs_b, id, options.confidence);
    if (d && (d->verdict == Verdict::better || d->verdict == Verdict::worse)) {
      d->beside = true;
      c.metrics.push_back(*d);
    }
  }
  c.keys = differingKeys(resolvedOf(a), resolvedOf(b));
  c.paths = pathDifferences(runs_a, runs_b);
  c.calls = callDifferences(runs_a, runs_b);
  c.scales_a = scalesOf(runs_a);
  c.scales_b = scalesOf(runs_b);
  return c;
}

std::vector<std::string> variantsOf(const Result& result) {
  std::vector<std::string> names;
  for (const results::CaseInput& c : result.cases) names.push_back(c.variant);
  return names;
}

bool has(const Result& result, const std::string& variant) {
  const auto names = variantsOf(result);
  return std::find(names.begin(), names.end(), variant) != names.end();
}

// What tells several results apart: the scenario, and the id as well where scenarios are the same.
std::string labelOf(const Result& result, const std::vector<Result>& all,
                    const std::string& variant) {
  const auto same = std::count_if(all.begin(), all.end(),
                                  [&](const Result& r) { return r.scenario == result.scenario; });
  std::string label = result.scenario;
  if (same > 1) label += '/' + resultId(result).substr(0, 8);
  if (result.cases.size() > 1) label += ' ' + variant;
  return label;
}

// Each variant against the baseline in the same cell of the sweep.
std::vector<Comparison> compareInCells(const Result& result, const Options& options) {
  const auto bases = basesOf(result);
  const std::string baseline = options.baseline.empty() ? bases.front() : options.baseline;
  if (std::find(bases.begin(), bases.end(), baseline) == bases.end()) {
    throw ResultError(fmt::format("scenario {} has no variant \"{}\"; it has {}", result.scenario,
                                  baseline, fmt::join(bases, ", ")));
  }
  std::vector<Comparison> all;
  for (const results::CaseInput& c : result.cases) {
    const results::CaseInput* a = caseAt(result, baseline, c.cell);
    if (c.base == baseline || a == nullptr) continue;
    all.push_back(
        compareSides({a->variant, &result, a->variant}, {c.variant, &result, c.variant}, options));
  }
  return all;
}

std::vector<Comparison> compareVariants(const Result& result, const Options& options) {
  if (!axesOf(result).empty() && basesOf(result).size() > 1) return compareInCells(result, options);
  const auto names = variantsOf(result);
  const std::string baseline =
      options.baseline.empty() && !names.empty() ? names.front() : options.baseline;
  if (!has(result, baseline)) {
    throw ResultError(fmt::format("scenario {} has no variant \"{}\"; it has {}", result.scenario,
                                  baseline, fmt::join(names, ", ")));
  }
  if (names.size() < 2) {
    throw ResultError(
        fmt::format("scenario {} has one variant only ({}): nothing to compare it with",
                    result.scenario, baseline));
  }
  std::vector<Comparison> all;
  for (const std::string& name : names) {
    if (name == baseline) continue;
    all.push_back(compareSides({baseline, &result, baseline}, {name, &result, name}, options));
  }
  return all;
}

}  // namespace

bool Comparison::scalesDiffer() const {
  return scales_a != scales_b && !scales_a.empty() && !scales_b.empty();
}

bool Comparison::regression() const {
  const auto counts = [&](const MetricDifference& d) {
    const std::string_view unit = metrics::metric(d.metric).unit;
    const bool score = unit == "MOS" || unit == "R";
    return !d.beside && !(score && scalesDiffer());
  };
  return std::any_of(
             metrics.begin(), metrics.end(),
             [&](const MetricDifference& d) { return d.verdict == Verdict::worse && counts(d); }) ||
         std::any_of(calls.begin(), calls.end(),
                     [](const CallDifference& d) { return !d.failed_in_a; });
}

const std::vector<MetricId>& defaultMetrics() {
  static const std::vector<MetricId> ids = {
      MetricId::mos,          MetricId::mos_listening,   MetricId::one_way_delay_p95,
      MetricId::lost_ratio,   MetricId::concealed_ratio, MetricId::mouth_to_ear_delay,
      MetricId::interruptions};
  return ids;
}

const std::vector<MetricId>& metricsIfDifferent() {
  static const std::vector<MetricId> ids = {MetricId::mos_recency, MetricId::poor_by_dashboard,
                                            MetricId::targets_missed};
  return ids;
}

std::vector<Comparison> compareResults(const std::vector<Result>& all, const Options& options) {
  if (all.empty()) throw ResultError("no results to compare");
  if (all.size() == 1) return compareVariants(all.front(), options);

  const Result& a = all.front();
  std::vector<Comparison> comparisons;
  for (std::size_t i = 1; i < all.size(); ++i) {
    const Result& b = all[i];
    const auto add = [&](const std::string& in_a, const std::string& in_b) {
      comparisons.push_back(compareSides({labelOf(a, all, in_a), &a, in_a},
                                         {labelOf(b, all, in_b), &b, in_b}, options));
    };
    const std::size_t before = comparisons.size();
    for (const std::string& name : variantsOf(a)) {
      if (has(b, name) && (options.baseline.empty() || options.baseline == name)) add(name, name);
    }
    if (comparisons.size() == before && a.cases.size() == 1 && b.cases.size() == 1) {
      add(a.cases.front().variant, b.cases.front().variant);
    }
    if (comparisons.size() == before) {
      throw ResultError(fmt::format("{} and {} have no variant in common: {} and {}", a.scenario,
                                    b.scenario, fmt::join(variantsOf(a), ", "),
                                    fmt::join(variantsOf(b), ", ")));
    }
  }
  return comparisons;
}

}  // namespace callflow::compare
