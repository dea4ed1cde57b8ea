#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "src/cli/exit_code.h"
#include "src/cli/loading.h"
#include "src/cli/output.h"
#include "src/cli/verb.h"
#include "src/explain/plan.h"
#include "src/topology/graph.h"

namespace callflow::cli {
namespace {

struct Options {
  std::string file;
  std::string call;
  std::string variant;
};

void explainCase(const topology::Case& one, const std::string& call) {
  const topology::NetworkGraph graph(one.topology, one.calls);
  for (const auto& plan : explain::planCalls(graph, one.topology, one.calls)) {
    if (call.empty() || plan.call == call) printResult(explain::explainText(graph, plan));
  }
}

void checkNames(const topology::Scenario& scenario, const Options& options) {
  std::vector<std::string> calls;
  for (const auto& call : scenario.cases.front().calls) calls.push_back(call.name);
  std::vector<std::string> variants;
  for (const auto& one : scenario.cases) variants.push_back(one.variant);
  const auto check = [&](const char* what, const std::string& name,
                         const std::vector<std::string>& names) {
    if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return;
    throw UsageError(options.file + " has no " + what + " \"" + name + "\"" +
                     didYouMean(name, names) + " (it has " + listed(names) + ")");
  };
  check("call", options.call, calls);
  check("variant", options.variant, variants);
}

int explainFile(const Options& options) {
  const auto scenarios = loadScenarios({options.file}, "nothing was explained");
  if (!scenarios) return exitBadInput;
  const topology::Scenario& scenario = scenarios->front();
  checkNames(scenario, options);
  bool first = true;
  for (const auto& one : scenario.cases) {
    if (!options.variant.empty() && one.variant != options.variant) continue;
    if (scenario.cases.size() > 1) {
      printResult((first ? "" : "\n") + std::string("variant ") + one.variant + "\n");
    }
    first = false;
    explainCase(one, options.call);
  }
  return exitFine;
}

}  // namespace

Action setUpExplain(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("FILE", options->file, "Scenario file")->required()->type_name("");
  app.add_option("--call", options->call, "This call only")->type_name("NAME");
  app.add_option("--variant", options->variant, "This variant only")->type_name("NAME");
  return [options] { return explainFile(*options); };
}

}  // namespace callflow::cli
