#include "src/cli/scenario_runs.h"

#include <sched.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "src/cli/build_info.h"
#include "src/cli/checks.h"
#include "src/cli/estimate.h"
#include "src/cli/exit_code.h"
#include "src/cli/loading.h"
#include "src/cli/output.h"
#include "src/cli/simulations.h"
#include "src/cli/stop_signal.h"
#include "src/cli/verb.h"
#include "src/plot/plot.h"
#include "src/results/store.h"

namespace callflow::cli {
namespace {

namespace fs = std::filesystem;

int cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return std::max(1, CPU_COUNT(&set));
}

int processes(const RunSettings& settings) {
  return settings.parallel > 0 ? settings.parallel : cpus();
}

std::string utcNow() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

std::string hostName() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

// What this process was started with, as the kernel has it.
std::vector<std::string> commandLine() {
  std::ifstream in("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(in, word, '\0');) words.push_back(word);
  return words;
}

// What a result's id says of the frames that it keeps.
std::string framesText(Trace trace) {
  switch (trace) {
    case Trace::none:
      return "none";
    case Trace::first:
      return "first";
    case Trace::all:
      return "all";
    case Trace::pictures:
      break;
  }
  return {};
}

results::Result describe(const topology::Scenario& scenario, const RunSettings& settings) {
  results::Result result;
  result.scenario = scenario.name;
  result.title = scenario.title;
  result.version = programVersion();
  result.seed = settings.seed.value_or(scenario.seed);
  result.runs = settings.runs.value_or(scenario.runs);
  for (const auto& one : scenario.cases) {
    result.cases.push_back({one.variant, one.resolvedYaml, one.cell.empty() ? "" : one.base, {}});
    for (const auto& step : one.cell) result.cases.back().cell.push_back({step.axis, step.value});
  }
  for (const auto& input : scenario.inputs) result.inputs.push_back({input.file, input.text});
  result.frames = framesText(settings.trace);
  return result;
}

// What is there of the same content, if anything; what is damaged is said and does not count.
std::optional<results::Result> resultThere(const results::Result& asked,
                                           const fs::path& directory) {
  std::error_code none;
  if (!fs::exists(directory / "manifest.json", none)) return std::nullopt;
  try {
    results::Result there = results::loadResult(directory);
    if (results::resultId(there) == results::resultId(asked)) return there;
    printNote("warning: " + directory.string() + " holds another result; it is run again");
  } catch (const results::ResultError& error) {
    printNote(std::string("warning: ") + error.what() + "; it is run again");
  }
  return std::nullopt;
}

// The runs that a stopped run left, each as it was: what is made of them and of the others is what
// one run without a stop would have made.
std::vector<metrics::RunRecord> finishedBefore(const results::Result& asked,
                                               const fs::path& directory, bool quiet) {
  std::vector<metrics::RunRecord> runs;
  try {
    runs = results::finishedRuns(directory);
  } catch (const results::ResultError& error) {
    printNote(std::string("warning: ") + error.what() + "; all is run again");
    return {};
  }
  if (!runs.empty() && !quiet) {
    const std::size_t all = asked.cases.size() * static_cast<std::size_t>(asked.runs);
    printNote(asked.scenario + ": " + std::to_string(runs.size()) + " of " + counted(all, "run") +
              " are there from before; the others are run (--force redoes all)");
  }
  return runs;
}

// Runs what is not among the records yet.
void simulateRest(const topology::Scenario& scenario, const RunSettings& settings,
                  ScenarioOutcome& outcome) {
  std::vector<Task> tasks = tasksOf(scenario, outcome.result);
  std::erase_if(tasks, [&](const Task& task) {
    return std::any_of(
        outcome.result.records.begin(), outcome.result.records.end(), [&](const auto& record) {
          return record.variant == task.input->variant && record.replication == task.replication;
        });
  });
  Simulations done = simulate(
      scenario, tasks, {outcome.result.seed, settings.trace, processes(settings), settings.quiet});
  outcome.stopped = StopSignals::exitCode();
  outcome.failed = std::move(done.failed);
  std::move(done.records.begin(), done.records.end(), std::back_inserter(outcome.result.records));
}

void drawPlots(ScenarioOutcome& outcome, const RunSettings& settings) {
  if (!settings.plots || fs::exists(outcome.directory / "plots")) return;
  plot::PlotOptions options;
  options.stop = &StopSignals::flag();
  const plot::PlotReport report = plot::drawPlots(outcome.result, outcome.directory, options);
  outcome.picturesFailed = !report.failures.empty();
  for (const std::string& failure : report.failures) printNote("error: " + failure);
  // What else was left out, and why, `callflow plot` says.
  if (!report.gnuplotFound) {
    printNote("warning: gnuplot is not installed: plots/ holds scripts and data, no pictures");
  }
}

// A result with what the listeners of the first runs heard. Where it was too much to be kept those
// runs are simulated once more: the same input gives the same sound.
results::Result heard(const topology::Scenario& scenario, const RunSettings& settings,
                      const ScenarioOutcome& outcome) {
  std::vector<Task> tasks = tasksOf(scenario, outcome.result);
  std::erase_if(tasks, [](const Task& task) { return !task.closeUp || task.replication != 1; });
  std::erase_if(tasks, [&](const Task& task) {
    return std::any_of(outcome.result.records.begin(), outcome.result.records.end(),
                       [&](const metrics::RunRecord& record) {
                         return record.variant == task.input->variant && record.replication == 1 &&
                                std::none_of(record.streams.begin(), record.streams.end(),
                                             [](const metrics::StreamRecord& stream) {
                                               return stream.played > 0 && stream.playout.empty();
                                             });
                       });
  });
  results::Result result = outcome.result;
  if (tasks.empty()) return result;
  Simulations again = simulate(
      scenario, tasks, {outcome.result.seed, Trace::first, processes(settings), settings.quiet});
  for (metrics::RunRecord& record : result.records) {
    for (metrics::RunRecord& run : again.records) {
      if (record.variant == run.variant && record.replication == 1) record = std::move(run);
    }
  }
  return result;
}

void renderSound(const topology::Scenario& scenario, const RunSettings& settings,
                 ScenarioOutcome& outcome) {
  if (settings.speech.samples.empty()) return;
  outcome.sound =
      writeSound(scenario, heard(scenario, settings, outcome), settings.speech,
                 outcome.directory / "audio", static_cast<std::size_t>(processes(settings)));
  for (const std::string& reason : outcome.sound.silent) printNote("no sound of " + reason);
  if (outcome.sound.files.empty() && outcome.sound.silent.empty())
    printNote("no sound: no call had media");
}

void capturePackets(const topology::Scenario& scenario, const RunSettings& settings,
                    ScenarioOutcome& outcome) {
  if (!settings.captures.asked) return;
  std::vector<Task> tasks = tasksOf(scenario, outcome.result);
  std::erase_if(tasks, [](const Task& task) { return !task.closeUp || task.replication != 1; });
  outcome.captures = writeCaptures(
      scenario, tasks, {outcome.result.seed, Trace::none, processes(settings), settings.quiet},
      settings.captures, outcome.directory / "pcap");
}

std::size_t finishedIn(const results::Result& result) {
  return static_cast<std::size_t>(std::count_if(result.records.begin(), result.records.end(),
                                                [](const auto& run) { return run.complete; }));
}

void reportFailures(const ScenarioOutcome& outcome) {
  for (const auto& failed : outcome.failed) {
    printNote(outcome.result.scenario + ": run " + std::to_string(failed.replication) + " of " +
              failed.variant + " failed: " + failed.reason);
  }
  if (outcome.stopped == 0) return;
  const std::size_t all =
      outcome.result.cases.size() * static_cast<std::size_t>(outcome.result.runs);
  printNote(outcome.result.scenario + ": stopped with " +
            std::to_string(finishedIn(outcome.result)) + " of " + counted(all, "run") +
            " complete" +
            (outcome.directory.empty()
                 ? "; nothing was written"
                 : "; what there is, marked incomplete: " + outcome.directory.string()));
}

void checkWritable(const fs::path& root) {
  std::error_code error;
  fs::create_directories(root, error);
  if (!error && ::access(root.c_str(), W_OK | X_OK) == 0) return;
  if (!error) error = std::error_code(errno, std::generic_category());
  throw UsageError("results cannot be written to " + root.string() + ": " + error.message());
}

// What the result gives is not what was asked for: told even where only errors are.
void judge(const topology::Scenario& scenario, const RunSettings& settings,
           ScenarioOutcome& outcome) {
  const std::vector<metrics::Expectation> asked(scenario.expect.begin(), scenario.expect.end());
  outcome.expectations = results::evaluate(asked, outcome.result);
  outcome.unconnected = results::unexpectedFailures(asked, outcome.result);
  if (!settings.quiet) return;
  std::vector<results::Outcome> failed = outcome.expectations;
  std::erase_if(failed, [](const results::Outcome& one) { return one.passed; });
  if (failed.empty()) return;
  std::string text = results::renderOutcomes(failed);
  text.pop_back();
  printNote(text);
}

// A signal in the meantime leaves the runs as they are, and what was not finished of the rest
// aside.
void addPicturesSoundAndPackets(const topology::Scenario& scenario, const RunSettings& settings,
                                ScenarioOutcome& outcome) {
  drawPlots(outcome, settings);
  if (!StopSignals::received()) renderSound(scenario, settings, outcome);
  if (!StopSignals::received()) capturePackets(scenario, settings, outcome);
  judge(scenario, settings, outcome);
  outcome.stopped = StopSignals::exitCode();
  if (outcome.stopped != 0)
    printNote(scenario.name +
              ": stopped when all runs were there, before pictures, sound and packets were");
}

}  // namespace

void addRunOptions(CLI::App& app, RunSettings& settings) {
  app.add_option("-n,--runs", settings.runs, "Runs of each variant, with different random numbers")
      ->check(wholeNumber(1, 10000))
      ->type_name("N");
  app.add_option("--seed", settings.seed, "Where the random numbers start")
      ->check(wholeNumber())
      ->type_name("N");
  app.add_option("-j,--jobs", settings.parallel, "Runs at a time; 0: one per CPU")
      ->check(wholeNumber(0, 1024))
      ->type_name("N")
      ->capture_default_str();
  app.add_flag("--force", settings.force, "Run again what is already there");
  app.add_option("--out", settings.out, "Where result directories go")
      ->type_name("DIR")
      ->default_val(results::kDefaultRoot.string());
  app.add_flag("-q,--quiet", settings.quiet, "Print errors and failed expectations only");
  app.add_flag("-v,--verbose", settings.verbose, "Tell every stream, path and line of input");
}

ScenarioOutcome runScenario(const topology::Scenario& scenario, const RunSettings& settings) {
  const StopSignals signals;
  results::Result asked = describe(scenario, settings);
  const fs::path directory =
      results::resultPath(settings.out, asked.scenario, results::resultId(asked));
  std::optional<results::Result> there;
  if (!settings.force) there = resultThere(asked, directory);
  std::error_code none;
  const bool damaged = !settings.force && !there && fs::exists(directory / "manifest.json", none);
  ScenarioOutcome outcome;
  if (there && there->complete()) {
    outcome.result = std::move(*there);
    outcome.directory = directory;
    if (!settings.quiet) {
      printNote(asked.scenario + ": already there in " + directory.string() +
                "; --force redoes it");
    }
    addPicturesSoundAndPackets(scenario, settings, outcome);
    return outcome;
  }
  checkWritable(settings.out);
  results::Provenance provenance;
  provenance.argv = commandLine();
  provenance.host = hostName();
  provenance.commit = sourceCommit();
  provenance.compiler = compilerText();
  provenance.ns3Version = ns3Version();
  provenance.jobs = processes(settings);
  provenance.started = utcNow();
  const auto begin = std::chrono::steady_clock::now();

  outcome.result = std::move(asked);
  if (there) outcome.result.records = finishedBefore(outcome.result, directory, settings.quiet);
  simulateRest(scenario, settings, outcome);
  provenance.finished = utcNow();
  provenance.wallTime = Duration::ns(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - begin)
          .count());
  provenance.failed = outcome.failed;
  const auto found = results::findResult(settings.out, scenario.name, resultId(outcome.result));
  const bool smaller = found && !damaged && found->finished > finishedIn(outcome.result);
  if (!outcome.result.records.empty() && !smaller)
    outcome.directory =
        results::writeResult(outcome.result, provenance, {settings.out, settings.force || damaged});
  reportFailures(outcome);
  if (outcome.stopped == 0 && !outcome.directory.empty())
    addPicturesSoundAndPackets(scenario, settings, outcome);
  return outcome;
}

std::string dryRunText(const topology::Scenario& scenario, const RunSettings& settings) {
  const results::Result asked = describe(scenario, settings);
  const std::string id = results::resultId(asked);
  const auto found =
      settings.force ? std::nullopt : results::findResult(settings.out, asked.scenario, id);
  std::vector<Task> tasks = tasksOf(scenario, asked);
  const std::size_t all = tasks.size();
  std::string text = asked.scenario + ": " + counted(all, "run") + " (" +
                     counted(asked.cases.size(), "case") + ", " +
                     counted(static_cast<std::size_t>(asked.runs), "run") + " of each)\n";
  const std::string where = results::resultPath(settings.out, asked.scenario, id).string();
  if (found && found->complete)
    return text + "  there     all of them, in " + where + "\n  to run    nothing\n";
  const std::size_t there = found ? std::min(all, found->finished) : 0;
  if (there > 0) text += "  there     " + std::to_string(there) + " of them, in " + where + "\n";
  const Estimate room = estimate(scenario, tasks, settings.trace, settings.plots);
  // Which ones are there is not looked at: runs of one scenario differ little.
  tasks.resize(all - there);
  const Estimate rest = estimate(scenario, tasks, settings.trace, false);
  const int parallel = static_cast<int>(
      std::min<std::size_t>(tasks.size(), static_cast<std::size_t>(processes(settings))));
  const auto wall = [&](Duration one) { return Duration::ns(one.count() / std::max(1, parallel)); };
  const std::string least = lengthText(wall(rest.overUdp)), most = lengthText(wall(rest.overTcp));
  text += "  to run    " + counted(rest.runs, "run") + ", " + lengthText(rest.simulated) +
          " of simulated time\n";
  text += "  time      " +
          (least == most ? "about " + least
                         : "about " + least + " if media goes over UDP, " + most + " if over TCP") +
          ", " + std::to_string(parallel) + " at a time\n";
  text += "  disk      about " + sizeText(room.disk) + " in " + where + "\n";
  return text;
}

int exitCodeOfRuns(const std::vector<ScenarioOutcome>& outcomes) {
  bool allFailed = false;
  bool someFailed = false;
  bool picturesFailed = false;
  for (const auto& outcome : outcomes) {
    if (outcome.stopped != 0) return outcome.stopped;
    allFailed = allFailed || outcome.directory.empty();
    someFailed = someFailed || !outcome.failed.empty();
    picturesFailed = picturesFailed || outcome.picturesFailed;
  }
  if (allFailed) return exitInternalError;
  if (someFailed) return exitRunsFailed;
  return picturesFailed ? exitInternalError : exitFine;
}

int exitCodeOf(const std::vector<ScenarioOutcome>& outcomes) {
  if (const int code = exitCodeOfRuns(outcomes); code != exitFine) return code;
  bool expectationFailed = false;
  for (const auto& outcome : outcomes) {
    if (!outcome.unconnected.empty()) return exitRunsFailed;
    for (const auto& expectation : outcome.expectations)
      expectationFailed = expectationFailed || !expectation.passed;
  }
  return expectationFailed ? exitExpectation : exitFine;
}

}  // namespace callflow::cli
