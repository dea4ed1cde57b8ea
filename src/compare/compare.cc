#include "src/compare/compare.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/compare/difference.h"
#include "src/compare/scales.h"
#include "src/compare/stories.h"
#include "src/compare/words.h"
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
         inVpnOverTcp(a.attempts) == inVpnOverTcp(b.attempts) &&
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
        const StreamRecord* inA = streamLike(a, s);
        const StreamRecord* inB = streamLike(b, s);
        if (inA != nullptr && inB != nullptr && samePath(*inA, *inB)) continue;
        found.push_back({s.call, s.from, s.to, s.medium, sideOf(inA), sideOf(inB)});
      }
    }
  };
  look(a);
  look(b);
  return found;
}

std::string resolvedOf(const Side& side) {
  for (const results::CaseInput& c : side.result->cases) {
    if (c.variant == side.variant) return c.resolvedYaml;
  }
  return {};
}

Comparison compareSides(const Side& a, const Side& b, const Options& options) {
  Comparison c;
  c.labelA = a.label;
  c.labelB = b.label;
  c.confidence = options.confidence;
  const Runs runsA = recordsOf(*a.result, a.variant);
  const Runs runsB = recordsOf(*b.result, b.variant);
  const Differ differ(runsA, runsB, options);
  c.streams = differ.streams();
  for (const metrics::Measure& measure : options.metrics) {
    if (auto d = differ.of(measure)) c.metrics.push_back(*d);
  }
  for (const MetricId id : options.ifDifferent) {
    auto d = differ.of(id);
    if (d && (d->verdict == Verdict::better || d->verdict == Verdict::worse)) {
      d->beside = true;
      c.metrics.push_back(*d);
    }
  }
  c.keys = differingKeys(resolvedOf(a), resolvedOf(b));
  c.paths = pathDifferences(runsA, runsB);
  c.calls = callDifferences(runsA, runsB);
  c.stories = storyDifferences(runsA, runsB);
  c.scalesA = scalesOf(runsA);
  c.scalesB = scalesOf(runsB);
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
  return scalesA != scalesB && !scalesA.empty() && !scalesB.empty();
}

bool Comparison::isRegression(const MetricDifference& d) const {
  const std::string_view unit = metrics::metric(d.metric).unit;
  const bool score = unit == "MOS" || unit == "R";
  return d.verdict == Verdict::worse && !d.beside && !(score && scalesDiffer());
}

bool Comparison::regression() const {
  return std::any_of(calls.begin(), calls.end(),
                     [](const CallDifference& d) { return d.verdict == Verdict::worse; }) ||
         std::any_of(metrics.begin(), metrics.end(),
                     [&](const MetricDifference& d) { return isRegression(d); });
}

const std::vector<MetricId>& defaultMetrics() {
  static const std::vector<MetricId> kIds = {MetricId::audio_mos,
                                             MetricId::audio_mos_listening,
                                             MetricId::audio_one_way_delay_p95,
                                             MetricId::audio_lost_ratio,
                                             MetricId::audio_concealed_ratio,
                                             MetricId::audio_mouth_to_ear_delay,
                                             MetricId::audio_interruptions};
  return kIds;
}

const std::vector<MetricId>& metricsIfDifferent() {
  static const std::vector<MetricId> kIds = {
      MetricId::audio_mos_recency,    MetricId::audio_poor_by_dashboard,
      MetricId::audio_targets_missed, MetricId::video_vq,
      MetricId::video_received_rate,  MetricId::video_frame_height,
      MetricId::video_frame_rate,     MetricId::video_freeze_ratio};
  return kIds;
}

std::vector<Comparison> compareResults(const std::vector<Result>& all, const Options& options) {
  if (all.empty()) throw ResultError("no results to compare");
  if (all.size() == 1) return compareVariants(all.front(), options);

  const Result& a = all.front();
  std::vector<Comparison> comparisons;
  for (std::size_t i = 1; i < all.size(); ++i) {
    const Result& b = all[i];
    const auto add = [&](const std::string& inA, const std::string& inB) {
      comparisons.push_back(
          compareSides({labelOf(a, all, inA), &a, inA}, {labelOf(b, all, inB), &b, inB}, options));
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
