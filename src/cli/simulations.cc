#include "src/cli/simulations.h"

#include <algorithm>
#include <utility>

#include "src/cli/process_pool.h"
#include "src/cli/progress.h"
#include "src/cli/stop_signal.h"
#include "src/results/keep.h"
#include "src/results/pack.h"
#include "src/results/sweep.h"
#include "src/sim/run.h"

namespace callflow::cli {
namespace {

// When the last call's media has been sent and the drain is over: the progress line's 100 %.
Duration endOf(const topology::Case& one, Duration drain) {
  Duration end;
  for (const auto& call : one.calls) end = std::max(end, call.start + call.setup + call.duration);
  return end + drain;
}

// The variants of a sweep that pictures look at closely. Without a sweep: all.
std::set<std::string> closeUps(const results::Result& result) {
  const auto cell = results::closeUpCell(results::axesOf(result));
  std::set<std::string> names;
  for (const auto& one : result.cases)
    if (one.cell == cell) names.insert(one.variant);
  return names;
}

std::string simulateTask(const Task& task, const topology::Scenario& scenario,
                         const SimulationSettings& settings, ChildLink& parent) {
  sim::RunOptions options;
  options.seed = settings.seed;
  options.replication = task.replication;
  options.warmUp = scenario.warmUp;
  options.drain = scenario.drain;
  options.trace = isTraced(settings.trace, task);
  options.stop = &StopSignals::flag();
  options.progress = [&parent](const sim::Progress& progress) {
    parent.report(progress.simulated.count());
  };
  metrics::RunRecord record = sim::simulate(*task.input, options);
  if (settings.trace == Trace::pictures) results::thinTraces(record);
  if (!task.closeUp && !options.trace)
    for (auto& stream : record.streams) stream.delayHistogram.clear();
  return results::pack(record);
}

}  // namespace

bool isTraced(Trace trace, const Task& task) {
  return trace == Trace::all || (trace != Trace::none && task.replication == 1 && task.closeUp);
}

std::vector<Task> tasksOf(const topology::Scenario& scenario, const results::Result& result) {
  const auto close = closeUps(result);
  std::vector<Task> tasks;
  for (int replication = 1; replication <= result.runs; ++replication) {
    for (const auto& one : scenario.cases)
      tasks.push_back({&one, replication, close.contains(one.variant)});
  }
  return tasks;
}

Simulations simulate(const topology::Scenario& scenario, const std::vector<Task>& tasks,
                     const SimulationSettings& settings) {
  std::vector<Job> jobs;
  std::vector<Duration> ends;
  ProgressState state;
  for (const Task& task : tasks) {
    jobs.emplace_back([&scenario, &settings, task](ChildLink& parent) {
      return simulateTask(task, scenario, settings, parent);
    });
    ends.push_back(endOf(*task.input, scenario.drain));
    state.simulatedTotal += ends.back();
  }
  state.runsTotal = static_cast<int>(tasks.size());

  std::vector<Duration> reached(tasks.size());
  const auto advance = [&](std::size_t job, Duration to) {
    state.simulated += std::min(to, ends[job]) - reached[job];
    reached[job] = std::min(to, ends[job]);
  };
  ProgressLine line(stderr, settings.quiet);
  PoolOptions pool;
  pool.parallel = settings.parallel;
  pool.onProgress = [&](std::size_t job, std::int64_t done) {
    advance(job, Duration::ns(done));
    line.update(state);
  };
  pool.onDone = [&](std::size_t job, const JobOutcome& done) {
    advance(job, ends[job]);
    ++(done.kind == JobOutcome::Kind::failed ? state.runsFailed : state.runsDone);
    line.update(state);
  };

  std::vector<JobOutcome> done = runJobs(jobs, pool);
  line.clear();
  Simulations all;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (done[i].kind == JobOutcome::Kind::done) {
      all.records.push_back(results::unpack(std::exchange(done[i].payload, {})));
    } else if (done[i].kind == JobOutcome::Kind::failed && !StopSignals::received()) {
      all.failed.push_back({tasks[i].input->variant, tasks[i].replication, done[i].failure});
    }
  }
  return all;
}

}  // namespace callflow::cli
