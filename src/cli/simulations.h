// The runs of a scenario, side by side, each in a process of its own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "src/metrics/run_record.h"
#include "src/results/result.h"
#include "src/topology/scenario.h"

namespace callflow::cli {

enum class Trace { pictures, none, first, all };

struct Task {
  const topology::Case* input = nullptr;
  int replication = 1;
  bool closeUp = false;  // keeps distributions, and what is traced
};

// All runs that a result is made of: replication by replication, so that what is there after Ctrl-C
// can be compared.
std::vector<Task> tasksOf(const topology::Scenario& scenario, const results::Result& result);

bool isTraced(Trace trace, const Task& task);

struct SimulationSettings {
  std::uint64_t seed = 1;
  Trace trace = Trace::pictures;
  int parallel = 1;
  bool quiet = false;
};

struct Simulations {
  std::vector<metrics::RunRecord> records;
  std::vector<results::FailedRun> failed;  // empty if a signal ended them
};

// Says on stderr how far it is. The caller holds a StopSignals.
Simulations simulate(const topology::Scenario& scenario, const std::vector<Task>& tasks,
                     const SimulationSettings& settings);

}  // namespace callflow::cli
