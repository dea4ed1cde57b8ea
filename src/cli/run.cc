#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "src/audio/files.h"
#include "src/cli/checks.h"
#include "src/cli/exit_code.h"
#include "src/cli/junit.h"
#include "src/cli/loading.h"
#include "src/cli/output.h"
#include "src/cli/scenario_runs.h"
#include "src/cli/verb.h"
#include "src/compare/alike.h"
#include "src/compare/compare.h"
#include "src/compare/wrap.h"
#include "src/results/acs.h"
#include "src/results/summary.h"
#include "src/results/sweep.h"

namespace callflow::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  std::vector<std::string> settingsToMake;  // KEY=VALUE
  std::vector<std::string> variants;
  RunSettings settings;
  bool audio = false;
  std::vector<std::string> captures;  // PLACES
  bool dry = false;
  std::optional<std::string> speech;  // file; else what callflow brings
  std::string format = "text";
  std::string junit;
};

std::string seconds(Duration length) {
  return fmt::format("{:.2f} s", length.seconds());
}

// Calls that do not connect, and what to write where that is as it should be.
void noteUnconnected(const ScenarioOutcome& outcome) {
  std::vector<std::string> calls;
  for (const auto& failure : outcome.unconnected) {
    calls.push_back(failure.call +
                    (outcome.result.cases.size() > 1 ? " in " + failure.variant : ""));
  }
  if (calls.empty()) return;
  const auto& first = outcome.unconnected.front();
  printNote(outcome.result.scenario + ": " + counted(calls.size(), "call") +
            (calls.size() == 1 ? " does" : " do") + " not connect: " + compare::listing(calls, 4) +
            "; where that is right, write under expect: \"" + first.call + " is blocked" +
            calls.front().substr(first.call.size()) + "\"");
}

std::string textOf(const ScenarioOutcome& outcome, compare::Layout layout) {
  const results::Result& result = outcome.result;
  const auto axes = results::axesOf(result);
  std::size_t cells = 1;
  for (const auto& axis : axes) cells *= axis.values.size();
  std::string text = result.scenario;
  if (!result.title.empty()) text += ": " + result.title;
  text += "\n" + counted(static_cast<std::size_t>(result.runs), "run") + " of each variant" +
          (axes.empty() ? "" : " in each of " + counted(cells, "cell")) + ", seed " +
          std::to_string(result.seed) + "\n\n";
  text = compare::fitted(text, layout.width) + compare::renderRunTable(result, layout) +
         compare::fitted(uncarriedText(outcome.uncarried, result.cases.size() > 1), layout.width);
  if (axes.empty() && result.cases.size() > 1 && result.complete()) {
    layout.reasons = layout.verbose;  // the table has said why calls fail
    text += "\n" + compare::renderText(compare::compareResults({result}), layout);
  }
  if (!outcome.expectations.empty()) {
    text += "\nexpected\n" +
            compare::fitted(results::renderOutcomes(outcome.expectations), layout.width);
  }
  text += "\nresults  " + outcome.directory.string() + "\n";
  std::error_code none;  // a directory without pictures is not worth a look
  if (!std::filesystem::is_empty(outcome.directory / "plots", none) && !none) {
    text += "plots    " + (outcome.directory / "plots").string() + "\n";
  }
  if (!outcome.sound.files.empty()) {
    text += "sound    " + (outcome.directory / "audio").string() + "\n";
    std::size_t width = 0;
    for (const auto& file : outcome.sound.files) width = std::max(width, file.name.size());
    for (const auto& file : outcome.sound.files) {
      text += fmt::format("  {:<{}}  {}, {} of it made up\n", file.name, width,
                          seconds(file.length), seconds(file.concealed));
    }
  }
  if (!outcome.captures.empty()) {
    text += "pcap     " + (outcome.directory / "pcap").string() + "\n";
    std::size_t width = 0;
    for (const auto& file : outcome.captures) width = std::max(width, file.name.size());
    for (const auto& file : outcome.captures) {
      text += fmt::format("  {:<{}}  {}\n", file.name, width,
                          counted(static_cast<std::size_t>(file.packets), "packet"));
    }
  }
  return text;
}

nlohmann::ordered_json jsonOf(const ScenarioOutcome& outcome) {
  nlohmann::ordered_json json;
  json["directory"] = outcome.directory.string();
  json["complete"] = outcome.result.complete();
  auto& failed = json["failed_runs"] = nlohmann::ordered_json::array();
  for (const auto& run : outcome.failed) {
    failed.push_back(
        {{"variant", run.variant}, {"replication", run.replication}, {"reason", run.reason}});
  }
  auto& unconnected = json["not_connected"] = nlohmann::ordered_json::array();
  for (const auto& failure : outcome.unconnected)
    unconnected.push_back({{"variant", failure.variant}, {"call", failure.call}});
  for (const Uncarried& each : outcome.uncarried)
    json["not_carried"].push_back(
        {{"variant", each.variant}, {"traffic", each.traffic}, {"reason", each.reason}});
  auto& expectations = json["expectations"] = nlohmann::ordered_json::array();
  for (const auto& expectation : outcome.expectations) {
    nlohmann::ordered_json one;
    one["text"] = expectation.text;
    one["variant"] = expectation.variant;
    one["passed"] = expectation.passed;
    one["measured"] = nullptr;
    if (expectation.measured) one["measured"] = *expectation.measured;
    if (!expectation.note.empty()) one["note"] = expectation.note;
    expectations.push_back(std::move(one));
  }
  if (!outcome.sound.files.empty()) {
    auto& sound = json["sound"] = nlohmann::ordered_json::array();
    for (const auto& file : outcome.sound.files) {
      sound.push_back({{"file", (outcome.directory / "audio" / file.name).string()},
                       {"length_s", file.length.seconds()},
                       {"concealed_s", file.concealed.seconds()}});
    }
  }
  if (!outcome.captures.empty()) {
    auto& captures = json["captures"] = nlohmann::ordered_json::array();
    for (const auto& file : outcome.captures) {
      captures.push_back(
          {{"file", (outcome.directory / "pcap" / file.name).string()}, {"packets", file.packets}});
    }
  }
  std::string summary;
  results::writeSummaryJson(outcome.result, results::summarize(outcome.result),
                            [&](std::string_view piece) { summary += piece; });
  json["summary"] = nlohmann::ordered_json::parse(summary);
  return json;
}

void printAcsLogs(const results::Result& result) {
  try {
    results::writeAcsLogs(result, [](std::string_view piece) { printResult(piece); });
  } catch (const results::ResultError& error) {
    throw UsageError(error.what());
  }
}

void print(const std::vector<ScenarioOutcome>& outcomes, const Options& options) {
  if (options.format == "json") {
    auto list = nlohmann::ordered_json::array();
    for (const auto& outcome : outcomes) {
      if (!outcome.directory.empty()) list.push_back(jsonOf(outcome));
    }
    printResult(nlohmann::ordered_json{{"results", std::move(list)}}.dump(2) + "\n");
    return;
  }
  if (options.format == "acs") {
    for (const auto& outcome : outcomes)
      if (!outcome.directory.empty()) printAcsLogs(outcome.result);
    return;
  }
  bool first = true;
  for (const auto& outcome : outcomes) {
    if (outcome.directory.empty()) continue;
    if (!first) printResult("\n");
    first = false;
    printResult(textOf(outcome, {columnsToUse(), options.settings.verbose}));
  }
}

// Settings that ask for sound.
RunSettings withSpeech(const Options& options) {
  RunSettings settings = options.settings;
  try {
    settings.speech = options.speech ? Speech{audio::readSpeech(*options.speech), false}
                                     : Speech{audio::builtInSpeech(), true};
  } catch (const std::runtime_error& error) {
    throw UsageError(std::string("--speech: ") + error.what() +
                     "; give a WAV, FLAC or Ogg file of speech");
  }
  return settings;
}

int runFiles(const Options& options) {
  RunSettings settings = options.audio ? withSpeech(options) : options.settings;
  settings.captures = parseCapturePlaces(options.captures);
  topology::Overrides overrides;
  for (const std::string& text : options.settingsToMake)
    overrides.settings.push_back(parseSetting(text));
  overrides.variants = options.variants;
  const auto scenarios = loadScenarios(options.files, "nothing was run", overrides);
  if (!scenarios) return exitBadInput;
  for (const auto& scenario : *scenarios) checkCapturePlaces(scenario, settings.captures);
  if (options.dry) {
    for (const auto& scenario : *scenarios) printResult(dryRunText(scenario, settings));
    return exitFine;
  }
  std::vector<ScenarioOutcome> outcomes;
  for (const auto& scenario : *scenarios) {
    outcomes.push_back(runScenario(scenario, settings));
    ScenarioOutcome& outcome = outcomes.back();
    // The cells of a sweep are told of together, and not of their other traffic.
    if (!outcome.directory.empty() && results::axesOf(outcome.result).empty())
      outcome.uncarried = uncarriedIn(scenario, outcome.result);
    if (outcomes.back().stopped != 0) break;
  }
  if (!options.settings.quiet || options.format != "text") print(outcomes, options);
  for (const auto& outcome : outcomes) noteUnconnected(outcome);
  writeJunit(options.junit, junitOf(outcomes));
  return exitCodeOf(outcomes);
}

}  // namespace

Action setUpRun(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("FILE", options->files, "Scenario files")->required()->type_name("");
  app.add_option("--set", options->settingsToMake,
                 "In every variant: a key path as in change:, or runs, seed, warm-up, drain")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  app.add_option("--variant", options->variants, "Only this variant; may be given several times")
      ->type_name("NAME")
      ->allow_extra_args(false);
  addRunOptions(app, options->settings);
  static const std::map<std::string, Trace> kTraces{{"pictures", Trace::pictures},
                                                    {"none", Trace::none},
                                                    {"first", Trace::first},
                                                    {"all", Trace::all}};
  app.add_option_function<std::string>(
         "--trace",
         [options](const std::string& word) { options->settings.trace = kTraces.at(word); },
         "Of which runs to keep every frame: none, first, all; pictures: what they need of the "
         "first")
      ->check(oneOf({"pictures", "none", "first", "all"}))
      ->type_name("WHICH")
      ->default_str("pictures");
  app.add_flag("--dry-run", options->dry,
               "Run nothing; say what would be run, how long it would take and how much room");
  app.add_flag_callback(
      "--no-plots", [options] { options->settings.plots = false; }, "Draw no pictures");
  auto* sound = app.add_flag("--audio", options->audio,
                             "Write what each listener hears in the first run, as Ogg Opus files");
  app.add_option("--speech", options->speech, "With --audio: a recording of what is said")
      ->needs(sound)
      ->type_name("FILE");
  app.add_flag("--pcap{}", options->captures,
               "Write what crosses these links and nodes in the first run, as pcap files; without "
               "PLACES at every client")
      ->type_name("[=PLACES]");
  app.add_option(
         "--format", options->format,
         "text, json, or acs: the logs that Azure Communication Services would have written")
      ->check(oneOf({"text", "json", "acs"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  addJunitOption(app, options->junit);
  return [options] { return runFiles(*options); };
}

}  // namespace callflow::cli
