#include "tests/support/scenarios.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

namespace callflow::testing {
namespace {

// Tests of one executable do not run at once (see callflow_test()), and each has its own folder.
std::string written(const std::string& name, const std::string& yaml) {
  const std::string path = (std::filesystem::path(CALLFLOW_TEST_DIR) / (name + ".yaml")).string();
  std::ofstream(path, std::ios::binary) << yaml;
  return path;
}

}  // namespace

topology::Scenario loadedScenario(const std::string& path) {
  Diagnostics diagnostics;
  const auto scenario = topology::loadScenario(path, diagnostics);
  INFO(diagnostics.render("nothing was run"));
  REQUIRE(scenario);
  return *scenario;
}

topology::Scenario parsedScenario(const std::string& name, const std::string& yaml) {
  return loadedScenario(written(name, yaml));
}

std::string faultsOf(const std::string& name, const std::string& yaml) {
  Diagnostics diagnostics;
  static_cast<void>(topology::loadScenario(written(name, yaml), diagnostics));
  return diagnostics.render("nothing was run");
}

sim::RunOptions optionsOf(const topology::Scenario& scenario) {
  sim::RunOptions options;
  options.seed = scenario.seed;
  options.warmUp = scenario.warmUp;
  options.drain = scenario.drain;
  return options;
}

metrics::RunRecord simulated(const topology::Scenario& scenario, bool trace) {
  sim::RunOptions options = optionsOf(scenario);
  options.trace = trace;
  return sim::simulate(scenario.cases.front(), options);
}

}  // namespace callflow::testing
