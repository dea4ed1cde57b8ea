// From a scenario to its results: recognizes what has been run before, runs what has not.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "src/cli/captures.h"
#include "src/cli/simulations.h"
#include "src/cli/sound.h"
#include "src/cli/uncarried.h"
#include "src/results/expectation.h"
#include "src/results/result.h"
#include "src/topology/scenario.h"

namespace CLI {
class App;
}

namespace callflow::cli {

struct RunSettings {
  std::optional<int> runs;            // else the scenario's
  std::optional<std::uint64_t> seed;  // else the scenario's
  int parallel = 0;                   // processes at a time; 0: one per CPU
  bool force = false;
  std::filesystem::path out;
  Trace trace = Trace::pictures;
  bool plots = true;
  Speech speech;  // to be rendered as it is heard; empty: no sound
  CapturePlaces captures;
  bool quiet = false;
  bool verbose = false;  // tables with everything in them
};

// Adds the options that every verb has that can run scenarios.
void addRunOptions(CLI::App& app, RunSettings& settings);

struct ScenarioOutcome {
  results::Result result;
  std::filesystem::path directory;  // empty: no run left anything, nothing was written
  std::vector<results::FailedRun> failed;
  std::vector<results::Outcome> expectations;  // empty if stopped before all runs were there
  std::vector<results::UnexpectedFailure> unconnected;
  std::vector<Uncarried> uncarried;
  bool picturesFailed = false;  // the reasons have been said
  Sound sound;
  std::vector<CaptureFile> captures;
  int stopped = 0;  // exit code of the signal that ended it, or 0
};

// Runs the scenario, or takes the results that are there. Says on stderr how it goes. Throws
// UsageError if results cannot be written where they should go.
ScenarioOutcome runScenario(const topology::Scenario& scenario, const RunSettings& settings);

// What runScenario() would do, how long it would take and how much room; runs and writes nothing.
std::string dryRunText(const topology::Scenario& scenario, const RunSettings& settings);

// The exit code that the runs ask for; the first that applies of: a signal, every run failed, some
// failed, a picture could not be drawn.
int exitCodeOfRuns(const std::vector<ScenarioOutcome>& outcomes);
// That, or else that of what they gave: a call that does not connect, and of which no expectation
// says whether it does; an expectation that failed.
int exitCodeOf(const std::vector<ScenarioOutcome>& outcomes);

}  // namespace callflow::cli
