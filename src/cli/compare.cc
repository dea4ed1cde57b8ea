#include "src/compare/compare.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "src/cli/checks.h"
#include "src/cli/exit_code.h"
#include "src/cli/junit.h"
#include "src/cli/loading.h"
#include "src/cli/output.h"
#include "src/cli/scenario_runs.h"
#include "src/cli/verb.h"
#include "src/results/store.h"
#include "src/results/sweep.h"

namespace callflow::cli {
namespace {

struct Options {
  std::vector<std::string> inputs;
  RunSettings settings;
  std::string baseline;
  std::vector<std::string> metrics;
  std::vector<std::string> margins;
  double confidence = 95;
  bool failOnRegression = false;
  std::string format = "text";
  std::string junit;
};

metrics::Measure measureNamed(const std::string& option, const std::string& name) {
  metrics::ParsedMeasure parsed = metrics::parseMeasure(name);
  if (!parsed.value) throw UsageError(option + ": " + parsed.problem);
  if (!parsed.statistic.empty() && parsed.statistic != "mean") {
    throw UsageError(option + ": means are compared; write \"" + nameOf(*parsed.value) +
                     "\", without ." + parsed.statistic);
  }
  return *parsed.value;
}

// "audio.mos=0.1", "audio.lost_ratio=0.5%", "audio.mouth_to_ear_delay=10 ms" or "=10%", a share.
std::pair<metrics::MetricId, metrics::Margin> marginOf(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) {
    throw UsageError("--margin: \"" + text +
                     "\" says nothing of a size; write for example audio.mos=0.1");
  }
  const metrics::Measure measure = measureNamed("--margin", text.substr(0, equals));
  const metrics::Metric& metric = metrics::metric(measure.metric);
  const std::string value = text.substr(equals + 1);
  if (measure.scope != metrics::Scope{}) {
    throw UsageError("--margin: is of a metric, whichever streams it is of: write " +
                     std::string(metric.name) + "=" + value);
  }
  if (metric.unit != "%" && value.ends_with('%')) {
    const auto share = parseRatio(value);
    if (!share.value) throw UsageError("--margin: " + share.problem);
    return {measure.metric, {0, share.value->value(), "asked for"}};
  }
  const auto limit = metrics::parseLimit(metric, value);
  if (!limit.value) throw UsageError("--margin: " + limit.problem);
  if (*limit.value < 0) throw UsageError("--margin: \"" + value + "\" is below 0");
  return {measure.metric, {*limit.value, 0, "asked for"}};
}

compare::Options comparisonOptions(const Options& options) {
  compare::Options how;
  how.baseline = options.baseline;
  how.confidence = options.confidence / 100;
  for (const std::string& text : options.margins) {
    const auto [metric, margin] = marginOf(text);
    how.margins.insert_or_assign(metric, margin);
  }
  if (options.metrics.empty()) return how;
  how.metrics.clear();
  how.ifDifferent.clear();
  for (const std::string& name : options.metrics)
    how.metrics.push_back(measureNamed("--metric", name));
  return how;
}

// Before anything is run: a simulation may take minutes.
void checkBaseline(const std::string& baseline, const std::vector<topology::Scenario>& scenarios) {
  if (baseline.empty()) return;
  for (const topology::Scenario& scenario : scenarios) {
    std::vector<std::string> names;
    for (const topology::Case& one : scenario.cases) {
      if (one.base == baseline || one.variant == baseline) {
        names.clear();
        break;
      }
      if (names.empty() || names.back() != one.base) names.push_back(one.base);
    }
    if (names.empty()) continue;
    throw UsageError("--baseline: " + scenario.file + " has no variant \"" + baseline + "\"" +
                     didYouMean(baseline, names) + " (it has " + listed(names) + ")");
  }
}

// Results in the order of the arguments; scenario files are run unless their results are there.
// False if there is nothing to compare, with `code` what to exit with.
bool gather(const Options& options, std::vector<results::Result>& gathered, int& code) {
  std::vector<std::string> files;
  for (const std::string& input : options.inputs) {
    if (!std::filesystem::is_directory(input)) files.push_back(input);
  }
  const auto scenarios = loadScenarios(files, "nothing was compared");
  if (!scenarios) {
    code = exitBadInput;
    return false;
  }
  checkBaseline(options.baseline, *scenarios);
  std::size_t next = 0;
  std::vector<ScenarioOutcome> outcomes;
  for (const std::string& input : options.inputs) {
    if (std::filesystem::is_directory(input)) {
      try {
        gathered.push_back(results::loadResult(input));
      } catch (const results::ResultError& error) {
        throw UsageError(error.what());
      }
    } else {
      outcomes.push_back(runScenario((*scenarios)[next++], options.settings));
      gathered.push_back(outcomes.back().result);
      code = exitCodeOfRuns(outcomes);
      if (outcomes.back().stopped != 0 || outcomes.back().directory.empty()) return false;
    }
    if (!gathered.back().complete()) printNote("warning: " + input + " is incomplete");
  }
  return true;
}

std::string rendered(const std::vector<compare::Comparison>& comparisons, const std::string& format,
                     const compare::Layout& layout) {
  if (format == "json") return compare::renderJson(comparisons);
  if (format == "csv") return compare::renderCsv(comparisons);
  if (format == "markdown") return compare::renderMarkdown(comparisons);
  return compare::renderText(comparisons, layout);
}

// For whoever wants no table: what the exit code comes from.
void noteRegressions(const std::vector<compare::Comparison>& comparisons) {
  for (const compare::Comparison& one : comparisons) {
    const std::string sides = one.labelA + " -> " + one.labelB + ": ";
    for (const compare::CallDifference& call : one.calls)
      if (call.verdict == compare::Verdict::worse)
        printNote(sides + "call " + call.call + " connects less often");
    for (const compare::MetricDifference& metric : one.metrics)
      if (one.isRegression(metric))
        printNote(sides + metrics::nameOf({metric.metric, metric.scope}) + " got worse");
  }
}

int compareInputs(const Options& options) {
  compare::Options how = comparisonOptions(options);
  std::vector<results::Result> gathered;
  int code = exitFine;
  if (!gather(options, gathered, code)) return code;
  std::vector<compare::Comparison> comparisons;
  try {
    comparisons = compare::compareResults(gathered, how);
  } catch (const results::ResultError& error) {
    throw UsageError(error.what());
  }
  const compare::Layout layout{columnsToUse(), options.settings.verbose};
  // A sweep has a comparison for each cell: as text they are grids, by default of the MOS.
  const bool silent = options.settings.quiet && options.format == "text";
  const bool grids = options.format == "text" && gathered.size() == 1 &&
                     !results::axesOf(gathered.front()).empty() &&
                     results::basesOf(gathered.front()).size() > 1;
  if (silent) {
    if (options.failOnRegression) noteRegressions(comparisons);
  } else if (grids) {
    if (options.metrics.empty()) how.metrics = {metrics::MetricId::audio_mos};
    printResult(compare::renderSweepDifferences(gathered.front(), how, layout));
  } else {
    printResult(rendered(comparisons, options.format, layout));
  }
  writeJunit(options.junit, junitOf(comparisons));
  if (code == exitRunsFailed) return code;
  bool regression = false;
  for (const auto& comparison : comparisons) regression = regression || comparison.regression();
  // An expectation of a scenario is the business of `run`; here only the difference counts.
  return regression && options.failOnRegression ? exitRegression : exitFine;
}

}  // namespace

Action setUpCompare(CLI::App& app) {
  auto options = std::make_shared<Options>();
  options->settings.plots = false;
  app.add_option("FILE|DIR", options->inputs,
                 "Variants of one against each other; of several, against the first")
      ->required()
      ->type_name("");
  app.add_option("--baseline", options->baseline,
                 "Variant to compare the others with; else the first")
      ->type_name("NAME");
  app.add_option("--metric", options->metrics,
                 "METRIC or call.CALL[.FROM->TO].METRIC, with commas; else the usual")
      ->delimiter(',')
      ->type_name("NAME")
      ->allow_extra_args(false);
  app.add_option("--margin", options->margins,
                 "From where on a difference matters, such as audio.mos=0.1")
      ->delimiter(',')
      ->type_name("METRIC=VALUE")
      ->allow_extra_args(false);
  app.add_option("--confidence", options->confidence, "Of the intervals, in percent")
      ->check(numberBetween(50, 99.99))
      ->type_name("PERCENT")
      ->capture_default_str();
  app.add_flag("--fail-on-regression", options->failOnRegression,
               "Exit with 4 if a call fails that did not, or a metric got worse");
  app.add_option("--format", options->format, "text, json, csv or markdown")
      ->check(oneOf({"text", "json", "csv", "markdown"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  addRunOptions(app, options->settings);
  addJunitOption(app, options->junit);
  return [options] { return compareInputs(*options); };
}

}  // namespace callflow::cli
