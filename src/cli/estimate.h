// What running a scenario would take, from what runs were measured to take.
#pragma once

#include <cstddef>
#include <string>

#include "src/cli/simulations.h"
#include "src/topology/scenario.h"
#include "src/units/units.h"

namespace callflow::cli {

struct Estimate {
  std::size_t runs = 0;
  Duration simulated;
  // Of one processor: if all media goes over UDP, and if all goes over TCP.
  Duration overUdp, overTcp;
  DataSize disk;
};

// Of the runs of all cases. `trace` as they would be run with.
Estimate estimate(const topology::Scenario& scenario, const std::vector<Task>& tasks, Trace trace,
                  bool pictures);

std::string sizeText(DataSize size);      // "12 MB"
std::string lengthText(Duration length);  // "40 s", "12 min", "3.5 h"

}  // namespace callflow::cli
