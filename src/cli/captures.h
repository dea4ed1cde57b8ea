// What crossed chosen places in the first run of each variant, as pcap files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "src/cli/simulations.h"
#include "src/topology/scenario.h"

namespace callflow::cli {

// Where to capture.
struct CapturePlaces {
  bool asked = false;
  std::vector<std::string> names;  // none: at every client of a call
};

// Of `--pcap=PLACES`, each a list with commas; "" stands for none.
CapturePlaces parseCapturePlaces(const std::vector<std::string>& texts);

// Throws UsageError if no variant of the scenario has one of these.
void checkCapturePlaces(const topology::Scenario& scenario, const CapturePlaces& places);

struct CaptureFile {
  std::string name;  // of the file, e.g. "relay-tcp-alice@hq.pcap"
  std::int64_t packets = 0;
};

// Simulates the first run of each variant once more (equal input gives equal packets) and writes
// `directory`. What is there is replaced when all is done. `tasks` are those runs. Throws
// std::runtime_error if one fails or a file cannot be written.
std::vector<CaptureFile> writeCaptures(const topology::Scenario& scenario,
                                       const std::vector<Task>& tasks,
                                       const SimulationSettings& settings,
                                       const CapturePlaces& places,
                                       const std::filesystem::path& directory);

}  // namespace callflow::cli
