#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "src/cli/checks.h"
#include "src/cli/exit_code.h"
#include "src/cli/json.h"
#include "src/cli/loading.h"
#include "src/cli/output.h"
#include "src/cli/verb.h"
#include "src/compare/table.h"
#include "src/explain/plan.h"
#include "src/topology/graph.h"

namespace callflow::cli {
namespace {

struct Options {
  std::string file;
  std::string call;
  std::string variant;
  std::string format = "text";
};

std::string explained(const topology::Case& one, const std::string& call) {
  const topology::NetworkGraph graph(one.topology, one.calls);
  std::string text;
  for (const auto& plan : explain::planCalls(graph, one.topology, one.calls)) {
    if (call.empty() || plan.call == call) text += explain::explainText(graph, plan);
  }
  return text;
}

void checkNames(const topology::Scenario& scenario, const Options& options) {
  std::vector<std::string> calls;
  for (const auto& call : scenario.cases.front().calls) calls.push_back(call.name);
  // The cells of a sweep go by their variant's name as well.
  std::vector<std::string> variants;
  for (const auto& one : scenario.cases) {
    if (std::find(variants.begin(), variants.end(), one.base) == variants.end())
      variants.push_back(one.base);
    if (one.variant == options.variant) variants.push_back(one.variant);
  }
  const auto check = [&](const char* what, const std::string& name,
                         const std::vector<std::string>& names) {
    if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return;
    throw UsageError(options.file + " has no " + what + " \"" + name + "\"" +
                     didYouMean(name, names) + " (it has " + listed(names) + ")");
  };
  check("call", options.call, calls);
  check("variant", options.variant, variants);
}

// Every case by itself.
nlohmann::ordered_json jsonOfCases(const topology::Scenario& scenario, const Options& options) {
  auto variants = nlohmann::ordered_json::array();
  for (const auto& one : scenario.cases) {
    if (!options.variant.empty() && one.variant != options.variant && one.base != options.variant)
      continue;
    const topology::NetworkGraph graph(one.topology, one.calls);
    auto calls = nlohmann::ordered_json::array();
    for (const auto& plan : explain::planCalls(graph, one.topology, one.calls))
      if (options.call.empty() || plan.call == options.call) calls.push_back(jsonOf(graph, plan));
    variants.push_back({{"variant", one.variant}, {"calls", std::move(calls)}});
  }
  return {{"scenario", scenario.name}, {"variants", std::move(variants)}};
}

int explainFile(const Options& options) {
  const auto scenarios = loadScenarios({options.file}, "nothing was explained");
  if (!scenarios) return exitBadInput;
  const topology::Scenario& scenario = scenarios->front();
  checkNames(scenario, options);
  if (options.format == "json") {
    printResult(jsonText(jsonOfCases(scenario, options)));
    return exitFine;
  }
  // Cases of which the same is to be said stand together: most cells of a sweep do.
  std::vector<std::pair<std::string, std::string>> said;  // headings, text
  for (const auto& one : scenario.cases) {
    if (!options.variant.empty() && one.variant != options.variant && one.base != options.variant)
      continue;
    std::string text = explained(one, options.call);
    const std::string heading =
        scenario.cases.size() > 1 ? "variant " + one.variant + "\n" : std::string{};
    const auto same = std::find_if(said.begin(), said.end(), [&](const auto& each) {
      return !one.cell.empty() && each.second == text;
    });
    if (same == said.end()) {
      said.emplace_back(heading, std::move(text));
    } else {
      same->first += heading;
    }
  }
  for (std::size_t i = 0; i < said.size(); ++i)
    printResult(
        compare::fitted((i == 0 ? "" : "\n") + said[i].first + said[i].second, columnsToUse()));
  return exitFine;
}

}  // namespace

Action setUpExplain(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("FILE", options->file, "Scenario file")->required()->type_name("");
  app.add_option("--call", options->call, "This call only")->type_name("NAME");
  app.add_option("--variant", options->variant, "This variant only")->type_name("NAME");
  app.add_option("--format", options->format, "text or json")
      ->check(oneOf({"text", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  return [options] { return explainFile(*options); };
}

}  // namespace callflow::cli
