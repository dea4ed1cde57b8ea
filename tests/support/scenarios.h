// Scenarios for tests: loaded, or REQUIREd to load, and run.
#pragma once

#include <string>

#include "src/metrics/run_record.h"
#include "src/sim/run.h"
#include "src/topology/load.h"

namespace callflow::testing {

topology::Scenario loadedScenario(const std::string& path);
// Of a text, which is written to `name`.yaml in the test's own folder.
topology::Scenario parsedScenario(const std::string& name, const std::string& yaml);
// What is said of such a text, as the program says it.
std::string faultsOf(const std::string& name, const std::string& yaml);

// How the scenario wants its runs: seed, warm-up and drain.
sim::RunOptions optionsOf(const topology::Scenario& scenario);
// Its first case.
metrics::RunRecord simulated(const topology::Scenario& scenario, bool trace = false);

}  // namespace callflow::testing
