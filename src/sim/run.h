// One run: one case, one seed, from building the network to the record of what happened.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "src/metrics/run_record.h"
#include "src/topology/scenario.h"
#include "src/units/units.h"

namespace callflow::sim {

struct Progress {
  Duration simulated;
  Duration end;  // of the whole run, in simulated time
};

// Where packets are captured (capture_places.h), and the file that they go to.
struct Capture {
  std::string place;
  std::filesystem::path file;
};

struct RunOptions {
  std::uint64_t seed = 1;  // of the scenario: replications of one seed differ by their number
  int replication = 1;     // from 1
  Duration warmUp;         // media sent in this much of the beginning of a call is not scored
  Duration drain;          // simulated after the last medium has been sent
  bool trace = false;      // keep every frame (StreamRecord::trace)
  std::vector<Capture> captures;
  // Told at the end of each of these how many packets it has; may be empty.
  std::function<void(std::size_t capture, std::int64_t packets)> captured;
  // Called every second of simulated time; may be empty.
  std::function<void(const Progress&)> progress;
  // When it becomes true the run ends at the next second of simulated time, marked incomplete. May
  // be null.
  const std::atomic<bool>* stop = nullptr;
};

// Simulates `input` and returns its record. Uses ns-3's process-wide simulator: at most one run a
// process at a time; equal arguments give an equal record in any process. Throws std::logic_error
// if callflow itself is at fault, std::runtime_error if a capture cannot be written.
metrics::RunRecord simulate(const topology::Case& input, const RunOptions& options);

}  // namespace callflow::sim
