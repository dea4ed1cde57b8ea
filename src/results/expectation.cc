#include "src/results/expectation.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/diag/diag.h"
#include "src/metrics/statistics.h"
#include "src/results/collect.h"
#include "src/results/number.h"

namespace callflow::results {

namespace {

std::string didYouMean(const std::string& word, const std::vector<std::string>& names) {
  const std::string nearest = nearestName(word, names);
  if (!nearest.empty()) return fmt::format("; did you mean \"{}\"?", nearest);
  return fmt::format("; known are {}", fmt::join(names, ", "));
}

double statisticOf(const std::vector<double>& values, const std::string& statistic) {
  if (statistic == "mean") return metrics::mean(values);
  if (statistic == "min") return *std::min_element(values.begin(), values.end());
  if (statistic == "max") return *std::max_element(values.begin(), values.end());
  const double share = statistic == "p5" ? 0.05 : statistic == "p50" ? 0.50 : 0.95;
  return metrics::percentile(values, share);
}

bool holds(double measured, Relation relation, double limit) {
  switch (relation) {
    case Relation::less:
      return measured < limit;
    case Relation::less_equal:
      return measured <= limit;
    case Relation::greater:
      return measured > limit;
    case Relation::greater_equal:
      break;
  }
  return measured >= limit;
}

Outcome evaluateOne(const Expectation& e, const std::string& variant, const Result& result) {
  Outcome outcome;
  outcome.text = e.text;
  outcome.variant = variant;
  const auto id = metrics::metricNamed(e.metric);
  const auto& statistics = statisticNames();
  if (!id || std::find(statistics.begin(), statistics.end(), e.statistic) == statistics.end()) {
    outcome.note = problemOf(e, {});
    return outcome;
  }
  const auto runs = recordsOf(result, variant);
  const std::vector<double> values = windowValues(runs, Scope{}, *id);
  if (values.empty()) {
    outcome.note = runs.empty() ? "no run of this variant" : "no value was measured";
    for (const metrics::RunRecord* run : runs) {
      for (const metrics::FailedCall& f : run->failed_calls) {
        outcome.note = fmt::format("call {} failed, {}/{}", f.call, f.code, f.subcode);
      }
    }
    return outcome;
  }
  // Compared as it is written: a user who reads 3.6 in summary.csv has `>= 3.6` come true.
  outcome.measured =
      *numberFrom(numberText(statisticOf(values, e.statistic) * metrics::metric(*id).scale));
  outcome.passed = holds(*outcome.measured, e.relation, e.limit);
  return outcome;
}

}  // namespace

const std::vector<std::string>& statisticNames() {
  static const std::vector<std::string> names = {"mean", "min", "p5", "p50", "p95", "max"};
  return names;
}

std::string problemOf(const Expectation& e, const std::vector<std::string>& variants) {
  if (!metrics::metricNamed(e.metric)) {
    std::vector<std::string> names;
    for (const metrics::Metric& m : metrics::allMetrics()) names.emplace_back(m.name);
    return fmt::format("there is no metric \"{}\"{}", e.metric, didYouMean(e.metric, names));
  }
  const auto& statistics = statisticNames();
  if (std::find(statistics.begin(), statistics.end(), e.statistic) == statistics.end()) {
    return fmt::format("there is no statistic \"{}\"{}", e.statistic,
                       didYouMean(e.statistic, statistics));
  }
  if (!e.variant.empty() && !variants.empty() &&
      std::find(variants.begin(), variants.end(), e.variant) == variants.end()) {
    return fmt::format("there is no variant \"{}\"{}", e.variant, didYouMean(e.variant, variants));
  }
  return {};
}

std::vector<Outcome> evaluate(const std::vector<Expectation>& expectations, const Result& result) {
  std::vector<Outcome> outcomes;
  for (const Expectation& e : expectations) {
    bool found = false;
    for (const CaseInput& c : result.cases) {
      if (!e.variant.empty() && e.variant != c.variant) continue;
      outcomes.push_back(evaluateOne(e, c.variant, result));
      found = true;
    }
    if (!found)
      outcomes.push_back({e.text, e.variant, false, std::nullopt, "there is no such variant"});
  }
  return outcomes;
}

std::string renderOutcomes(const std::vector<Outcome>& outcomes) {
  std::size_t text_width = 0;
  std::size_t variant_width = 0;
  for (const Outcome& o : outcomes) {
    text_width = std::max(text_width, o.text.size());
    variant_width = std::max(variant_width, o.variant.size());
  }
  std::string all;
  for (const Outcome& o : outcomes) {
    all += fmt::format("{:<4}  {:<{}}  {:<{}}  {}\n", o.passed ? "ok" : "FAIL", o.text, text_width,
                       o.variant, variant_width,
                       o.measured ? fmt::format("{:.4g}", *o.measured) : o.note);
  }
  return all;
}

}  // namespace callflow::results
