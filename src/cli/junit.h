// What `run` and `compare` found, as JUnit XML.
#pragma once

#include <string>
#include <vector>

#include "src/cli/scenario_runs.h"
#include "src/compare/compare.h"
#include "src/results/junit.h"

namespace CLI {
class App;
}

namespace callflow::cli {

void addJunitOption(CLI::App& app, std::string& file);

// A suite a scenario: every call of every variant connects or does not, every expectation is kept
// or not, every run that failed is an error.
std::vector<results::JunitSuite> junitOf(const std::vector<ScenarioOutcome>& outcomes);

// A suite a comparison: what makes it a regression has failed.
std::vector<results::JunitSuite> junitOf(const std::vector<compare::Comparison>& comparisons);

// Whole or not at all. Throws UsageError if the file cannot be written.
void writeJunit(const std::string& file, const std::vector<results::JunitSuite>& suites);

}  // namespace callflow::cli
