#include "src/cli/scenario_runs.h"

#include <sched.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <fstream>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "src/cli/aside.h"
#include "src/cli/build_info.h"
#include "src/cli/checks.h"
#include "src/cli/exit_code.h"
#include "src/cli/loading.h"
#include "src/cli/output.h"
#include "src/cli/process_pool.h"
#include "src/cli/progress.h"
#include "src/cli/stop_signal.h"
#include "src/cli/verb.h"
#include "src/plot/plot.h"
#include "src/results/pack.h"
#include "src/results/store.h"
#include "src/results/sweep.h"
#include "src/sim/run.h"

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

// When the last call's media has been sent and the drain is over: the progress line's 100 %.
Duration endOf(const topology::Case& one, Duration drain) {
  Duration end;
  for (const auto& call : one.calls) end = std::max(end, call.start + call.setup + call.duration);
  return end + drain;
}

results::Result describe(const topology::Scenario& scenario, const RunSettings& settings) {
  results::Result result;
  result.scenario = scenario.name;
  result.title = scenario.title;
  result.version = programVersion();
  result.seed = settings.seed.value_or(scenario.seed);
  result.runs = settings.runs.value_or(scenario.runs);
  for (const auto& one : scenario.cases) {
    result.cases.push_back({one.variant, one.resolved_yaml, one.cell.empty() ? "" : one.base, {}});
    for (const auto& step : one.cell) result.cases.back().cell.push_back({step.axis, step.value});
  }
  for (const auto& input : scenario.inputs) result.inputs.push_back({input.file, input.text});
  return result;
}

// The variants of a sweep that pictures look at closely. Without a sweep: all.
std::set<std::string> closeUps(const results::Result& result) {
  const auto cell = results::closeUpCell(results::axesOf(result));
  std::set<std::string> names;
  for (const auto& one : result.cases)
    if (one.cell == cell) names.insert(one.variant);
  return names;
}

bool traced(Trace trace, int replication, bool close_up) {
  return trace == Trace::all || (trace == Trace::first && replication == 1 && close_up);
}

// Does the result hold every frame trace that the settings ask for?
bool holdsTraces(const results::Result& result, Trace trace) {
  const auto close = closeUps(result);
  return std::all_of(result.records.begin(), result.records.end(), [&](const auto& record) {
    return !traced(trace, record.replication, close.contains(record.variant)) ||
           std::all_of(record.streams.begin(), record.streams.end(),
                       [](const auto& stream) { return !stream.trace.empty(); });
  });
}

std::optional<ScenarioOutcome> alreadyThere(const results::Result& asked,
                                            const RunSettings& settings) {
  if (settings.force) return std::nullopt;
  const auto found = results::findResult(settings.out, asked.scenario, results::resultId(asked));
  if (!found || !found->complete) return std::nullopt;
  ScenarioOutcome outcome;
  try {
    outcome.result = results::loadResult(found->path);
  } catch (const results::ResultError& error) {
    printNote(std::string("warning: ") + error.what() + "; it is run again");
    return std::nullopt;
  }
  if (!holdsTraces(outcome.result, settings.trace)) return std::nullopt;
  outcome.directory = found->path;
  if (!settings.quiet) {
    printNote(asked.scenario + ": already there in " + found->path.string() +
              "; --force redoes it");
  }
  return outcome;
}

struct Task {
  const topology::Case* input;
  int replication;
  bool close_up;  // keeps distributions, and what is traced
};

std::string simulateTask(const Task& task, const topology::Scenario& scenario, std::uint64_t seed,
                         Trace trace, ChildLink& parent) {
  sim::RunOptions options;
  options.seed = seed;
  options.replication = task.replication;
  options.warmUp = scenario.warm_up;
  options.drain = scenario.drain;
  options.trace = traced(trace, task.replication, task.close_up);
  options.stop = &StopSignals::flag();
  options.progress = [&parent](const sim::Progress& progress) {
    parent.report(progress.simulated.count());
  };
  metrics::RunRecord record = sim::simulate(*task.input, options);
  if (!task.close_up && !options.trace)
    for (auto& stream : record.streams) stream.delay_histogram.clear();
  return results::pack(record);
}

// Runs all cases and replications; records and failures go to `outcome`.
void simulateAll(const topology::Scenario& scenario, const RunSettings& settings, int parallel,
                 ScenarioOutcome& outcome) {
  // Replication by replication, so that what is there after Ctrl-C can be compared.
  const auto close = closeUps(outcome.result);
  std::vector<Task> tasks;
  for (int replication = 1; replication <= outcome.result.runs; ++replication) {
    for (const auto& one : scenario.cases)
      tasks.push_back({&one, replication, close.contains(one.variant)});
  }
  std::vector<Job> jobs;
  std::vector<Duration> ends;
  ProgressState state;
  for (const Task& task : tasks) {
    jobs.emplace_back([&scenario, &settings, task, seed = outcome.result.seed](ChildLink& parent) {
      return simulateTask(task, scenario, seed, settings.trace, parent);
    });
    ends.push_back(endOf(*task.input, scenario.drain));
    state.simulated_total += ends.back();
  }
  state.runs_total = static_cast<int>(tasks.size());

  std::vector<Duration> reached(tasks.size());
  const auto advance = [&](std::size_t job, Duration to) {
    state.simulated += std::min(to, ends[job]) - reached[job];
    reached[job] = std::min(to, ends[job]);
  };
  ProgressLine line(stderr, settings.quiet);
  PoolOptions pool;
  pool.parallel = parallel;
  pool.on_progress = [&](std::size_t job, std::int64_t done) {
    advance(job, Duration::ns(done));
    line.update(state);
  };
  pool.on_done = [&](std::size_t job, const JobOutcome& done) {
    advance(job, ends[job]);
    ++(done.kind == JobOutcome::Kind::failed ? state.runs_failed : state.runs_done);
    line.update(state);
  };

  const StopSignals signals;
  const std::vector<JobOutcome> done = runJobs(jobs, pool);
  line.clear();
  outcome.stopped = StopSignals::exitCode();
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (done[i].kind == JobOutcome::Kind::done) {
      outcome.result.records.push_back(results::unpack(done[i].payload));
    } else if (done[i].kind == JobOutcome::Kind::failed && outcome.stopped == 0) {
      outcome.failed.push_back({tasks[i].input->variant, tasks[i].replication, done[i].failure});
    }
  }
}

// Draws beside the result and moves the pictures in when all are there.
void drawPlots(const ScenarioOutcome& outcome, const RunSettings& settings) {
  const fs::path target = outcome.directory / "plots";
  if (!settings.plots || fs::exists(target)) return;
  const AsideDirectory aside(target);
  const plot::PlotReport report = plot::drawPlots(outcome.result, aside.path());
  if (fs::exists(aside.path() / "plots")) fs::rename(aside.path() / "plots", target);
  // What else was left out, and why, `callflow plot` says.
  if (!report.gnuplot_found) {
    printNote("warning: gnuplot is not installed: plots/ holds scripts and data, no pictures");
  }
}

void renderSound(const topology::Scenario& scenario, const RunSettings& settings,
                 ScenarioOutcome& outcome) {
  if (settings.speech.empty()) return;
  outcome.sound = writeSound(scenario, outcome.result, settings.speech, outcome.directory / "audio",
                             static_cast<std::size_t>(processes(settings)));
  for (const std::string& reason : outcome.sound.silent) printNote("no sound of " + reason);
  if (outcome.sound.files.empty() && outcome.sound.silent.empty())
    printNote("no sound: no call had media");
}

void reportFailures(const ScenarioOutcome& outcome) {
  for (const auto& failed : outcome.failed) {
    printNote(outcome.result.scenario + ": run " + std::to_string(failed.replication) + " of " +
              failed.variant + " failed: " + failed.reason);
  }
  if (outcome.stopped == 0) return;
  std::size_t complete = 0;
  for (const auto& record : outcome.result.records) complete += record.complete ? 1 : 0;
  const std::size_t all =
      outcome.result.cases.size() * static_cast<std::size_t>(outcome.result.runs);
  printNote(outcome.result.scenario + ": stopped with " + std::to_string(complete) + " of " +
            counted(all, "run") + " complete" +
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
      ->default_val(results::defaultRoot.string());
  app.add_flag("-q,--quiet", settings.quiet, "Print errors and failed expectations only");
  app.add_flag("-v,--verbose", settings.verbose, "Tell every stream, path and line of input");
}

ScenarioOutcome runScenario(const topology::Scenario& scenario, const RunSettings& settings) {
  results::Result asked = describe(scenario, settings);
  if (auto there = alreadyThere(asked, settings)) {
    drawPlots(*there, settings);
    renderSound(scenario, settings, *there);
    judge(scenario, settings, *there);
    return std::move(*there);
  }
  checkWritable(settings.out);
  results::Provenance provenance;
  provenance.argv = commandLine();
  provenance.host = hostName();
  provenance.commit = sourceCommit();
  provenance.compiler = compilerText();
  provenance.ns3_version = ns3Version();
  provenance.jobs = processes(settings);
  provenance.started = utcNow();
  const auto begin = std::chrono::steady_clock::now();

  ScenarioOutcome outcome;
  outcome.result = std::move(asked);
  simulateAll(scenario, settings, provenance.jobs, outcome);
  provenance.finished = utcNow();
  provenance.wall_time = Duration::ns(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - begin)
          .count());
  provenance.failed = outcome.failed;

  // What is complete replaces what is there; what is not never replaces what is.
  const auto there =
      results::findResult(settings.out, scenario.name, results::resultId(outcome.result));
  const bool complete = outcome.result.complete();
  if (!outcome.result.records.empty() && (complete || !there || !there->complete)) {
    results::WriteOptions how;
    how.root = settings.out;
    how.force = complete;
    outcome.directory = results::writeResult(outcome.result, provenance, how);
  }
  reportFailures(outcome);
  if (outcome.stopped == 0 && !outcome.directory.empty()) {
    drawPlots(outcome, settings);
    renderSound(scenario, settings, outcome);
    judge(scenario, settings, outcome);
  }
  return outcome;
}

int exitCodeOfRuns(const std::vector<ScenarioOutcome>& outcomes) {
  bool all_failed = false;
  bool some_failed = false;
  for (const auto& outcome : outcomes) {
    if (outcome.stopped != 0) return outcome.stopped;
    all_failed = all_failed || outcome.directory.empty();
    some_failed = some_failed || !outcome.failed.empty();
  }
  if (all_failed) return exitInternalError;
  return some_failed ? exitRunsFailed : exitFine;
}

int exitCodeOf(const std::vector<ScenarioOutcome>& outcomes) {
  if (const int code = exitCodeOfRuns(outcomes); code != exitFine) return code;
  bool expectation_failed = false;
  for (const auto& outcome : outcomes) {
    if (!outcome.unconnected.empty()) return exitRunsFailed;
    for (const auto& expectation : outcome.expectations)
      expectation_failed = expectation_failed || !expectation.passed;
  }
  return expectation_failed ? exitExpectation : exitFine;
}

}  // namespace callflow::cli
