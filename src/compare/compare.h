// What differs between two networks that carried the same calls: quality with confidence, paths,
// input.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/compare/table.h"
#include "src/metrics/measure.h"
#include "src/results/result.h"

namespace callflow::compare {

enum class Verdict {
  better,
  worse,
  changed,     // differs, and the metric has no better direction
  negligible,  // differs by less than what matters
  none,        // no difference detected
  undecided,   // one pair only: a difference without an interval
};

// Of one metric, B against A, in base units. Pooled over those streams that both have.
struct MetricDifference {
  metrics::MetricId metric;
  metrics::Scope scope = {};  // of which streams was asked for; all
  double a = 0, b = 0;        // means over the runs compared
  double difference = 0;      // b - a
  double low = 0, high = 0;   // confidence interval of the difference; NaN if there is none
  int n = 0;                  // pairs; of the smaller side if not paired
  bool paired = false;        // on common random numbers: same replication, same seed
  double margin = 0;          // from here on a difference matters
  Verdict verdict = Verdict::none;
  bool beside = false;  // not asked for, told because it differs: no regression by itself
};

// A key of the resolved input that differs; empty value: absent on that side.
struct KeyDifference {
  std::string path;
  std::string a, b;
};

struct PathSide {
  std::string path, transport;  // "relay-tcp", "tcp"; empty: the stream is not there
  std::vector<metrics::PathAttempt> attempts;
  std::vector<metrics::Leg> legs;
};
struct PathDifference {
  std::string call, from, to, medium;
  PathSide a, b;
};

// How a call fared that failed somewhere: a verdict of its own, before all metrics.
struct CallSide {
  int runs = 0;        // in which it was to connect; 0: it is not there
  int connected = 0;   // with all who take part
  int failed = 0;      // with nobody
  std::string reason;  // of the first failure: "410/3112: ..."; empty if there is none
};
struct CallDifference {
  std::string call;
  CallSide a, b;
  Verdict verdict = Verdict::none;  // better, worse or none
};

// What happened to a call's connections once it stood, where that differs. No verdict: whether it
// mattered is for the metrics to say.
struct StorySide {
  int runs = 0, eventful = 0;  // of the call, and of these in which anything happened
  std::string says;            // "quiet", or what happened and when in the first of these
};
struct StoryDifference {
  std::vector<std::string> calls;  // to which the same happened: "standup", "desk#2"
  StorySide a, b;
};

// Streams that one side has and the other has not: no metric is about them.
struct OneSided {
  int both = 0, onlyA = 0, onlyB = 0;
};

struct Comparison {
  std::string labelA, labelB;
  double confidence = 0.95;
  std::vector<MetricDifference> metrics;
  std::vector<KeyDifference> keys;
  std::vector<PathDifference> paths;
  std::vector<CallDifference> calls;
  std::vector<StoryDifference> stories;
  OneSided streams;
  std::string scalesA, scalesB;  // as scalesOf() has them (scales.h)

  // The scores of A and B stand on scales that do not compare.
  bool scalesDiffer() const;
  // A call connects in B less often than in A; or B is worse in a metric that was asked for and
  // compares across their scales.
  bool regression() const;
  bool isRegression(const MetricDifference& difference) const;
};

// mos, mos_listening, one_way_delay_p95, lost, concealed, mouth_to_ear, interruptions
const std::vector<metrics::MetricId>& defaultMetrics();
// mos_recency, poor_by_dashboard, targets_missed: verdicts of other kinds on the same calls.
const std::vector<metrics::MetricId>& metricsIfDifferent();

struct Options {
  std::vector<metrics::Measure> metrics{defaultMetrics().begin(), defaultMetrics().end()};
  // Compared as well, and left out unless a difference was detected.
  std::vector<metrics::MetricId> ifDifferent = metricsIfDifferent();
  std::map<metrics::MetricId, metrics::Margin> margins = {};  // in place of those declared
  double confidence = 0.95;
  std::string baseline;  // a variant's name; empty: the first
};

// One result: each further variant against the baseline, of a sweep in each cell. Several: each
// further result against the first, variant by variant where names agree, or the only variant of
// each. Throws results::ResultError if there is nothing to compare, with what the sides have.
std::vector<Comparison> compareResults(const std::vector<results::Result>& results,
                                       const Options& options = {});

// Leaves of two resolved inputs that differ, in the order of the first; without the names, variants
// and expectations of the scenario, which no packet meets.
std::vector<KeyDifference> differingKeys(const std::string& yamlA, const std::string& yamlB);

std::string renderText(const std::vector<Comparison>& comparisons, const Layout& layout = {});
std::string renderJson(const std::vector<Comparison>& comparisons);
std::string renderCsv(const std::vector<Comparison>& comparisons);
std::string renderMarkdown(const std::vector<Comparison>& comparisons);

// Of a sweep: a metric's means, and its differences to the baseline in the same cell, as grids with
// the last axis from left to right.
std::string renderSweepTable(const results::Result& result, metrics::MetricId id,
                             const Layout& layout = {});
std::string renderSweepDifferences(const results::Result& result, const Options& options = {},
                                   const Layout& layout = {});

// The table at the end of `callflow run`: one row per variant, or of a sweep the MOS as grids.
std::string renderRunTable(const results::Result& result, const Layout& layout = {});

}  // namespace callflow::compare
