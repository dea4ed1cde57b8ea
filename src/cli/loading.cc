#include "src/cli/loading.h"

#include <memory>
#include <utility>

#include "src/cli/output.h"
#include "src/cli/verb.h"
#include "src/metrics/metric.h"

namespace callflow::cli {
namespace {

SourcePos wholeFile(const std::string& file) {
  SourcePos pos;
  pos.file = std::make_shared<const std::string>(file);
  return pos;
}

// The statistics of expectations are known to the layer that computes them, not to the reader.
void checkExpectations(const topology::Scenario& scenario, Diagnostics& diagnostics) {
  std::vector<std::string> variants;
  for (const auto& one : scenario.cases) variants.push_back(one.variant);
  for (const auto& expectation : scenario.expect) {
    const std::string problem = results::problemOf(judged(expectation), variants);
    if (!problem.empty()) diagnostics.error(expectation.pos, "expect", problem);
  }
}

void report(const Diagnostics& diagnostics, const std::string& outcome) {
  std::string text = diagnostics.render(outcome);
  if (text.empty()) return;
  text.pop_back();  // printNote() ends the line
  printNote(text);
}

}  // namespace

std::vector<topology::MetricName> metricNames() {
  std::vector<topology::MetricName> names;
  for (const metrics::Metric& metric : metrics::allMetrics()) {
    names.push_back({std::string(metric.name), std::string(metric.unit)});
  }
  return names;
}

results::Expectation judged(const topology::Expectation& expectation) {
  const auto relation = [&] {
    switch (expectation.relation) {
      case topology::Relation::less:
        return results::Relation::less;
      case topology::Relation::less_equal:
        return results::Relation::less_equal;
      case topology::Relation::greater:
        return results::Relation::greater;
      case topology::Relation::greater_equal:
        break;
    }
    return results::Relation::greater_equal;
  };
  return {expectation.metric, expectation.statistic, relation(),
          expectation.limit,  expectation.variant,   expectation.text};
}

LoadedFile loadFile(const std::string& file, Diagnostics& diagnostics) {
  LoadedFile loaded;
  loaded.file = file;
  const auto kind = topology::fileKind(file, diagnostics);
  if (!kind) return loaded;
  if (*kind == topology::FileKind::topology) {
    loaded.topology = topology::loadTopology(file, diagnostics);
    return loaded;
  }
  loaded.scenario = topology::loadScenario(file, metricNames(), diagnostics);
  if (loaded.scenario) {
    const int before = diagnostics.errorCount();
    checkExpectations(*loaded.scenario, diagnostics);
    if (diagnostics.errorCount() > before) loaded.scenario.reset();
  }
  return loaded;
}

std::optional<std::vector<topology::Scenario>> loadScenarios(const std::vector<std::string>& files,
                                                             const std::string& outcome) {
  Diagnostics diagnostics;
  std::vector<topology::Scenario> scenarios;
  for (const std::string& file : files) {
    LoadedFile loaded = loadFile(file, diagnostics);
    if (loaded.topology) {
      diagnostics.error(wholeFile(file), "",
                        "is a topology, and a network without calls cannot be run",
                        "name a scenario file that uses it");
    }
    if (loaded.scenario) scenarios.push_back(std::move(*loaded.scenario));
  }
  report(diagnostics, diagnostics.hasErrors() ? outcome : "going on");
  if (diagnostics.hasErrors()) return std::nullopt;
  return scenarios;
}

std::optional<topology::Case> loadCase(const std::string& file, const std::string& variant,
                                       const std::string& outcome) {
  Diagnostics diagnostics;
  LoadedFile loaded = loadFile(file, diagnostics);
  report(diagnostics, diagnostics.hasErrors() ? outcome : "going on");
  if (!loaded.ok()) return std::nullopt;
  if (loaded.topology) {
    if (!variant.empty()) throw UsageError(file + " is a topology and has no variants");
    topology::Case bare;
    bare.topology = std::move(*loaded.topology);
    return bare;
  }
  std::vector<std::string> names;
  for (auto& one : loaded.scenario->cases) {
    if (variant.empty() || one.variant == variant || one.base == variant) return std::move(one);
    if (names.empty() || names.back() != one.base) names.push_back(one.base);
  }
  throw UsageError(file + " has no variant \"" + variant + "\"" + didYouMean(variant, names) +
                   " (it has " + listed(names) + ")");
}

}  // namespace callflow::cli
