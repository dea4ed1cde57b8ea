#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "src/cli/checks.h"
#include "src/cli/exit_code.h"
#include "src/cli/explain_ice.h"
#include "src/cli/explain_options.h"
#include "src/cli/json.h"
#include "src/cli/loading.h"
#include "src/cli/output.h"
#include "src/cli/verb.h"
#include "src/compare/wrap.h"
#include "src/explain/plan.h"
#include "src/explain/signaling_reach.h"
#include "src/sim/found_calls.h"
#include "src/topology/graph.h"

namespace callflow::cli {
namespace {

// What is to be said of a case, and what was decided in it: cells of a sweep by the same paths
// differ in the figures of links only.
struct Told {
  std::string text;
  std::string decided;
};

std::string decidedIn(const topology::NetworkGraph& graph,
                      const std::vector<explain::Attempt>& attempts) {
  std::string text;
  for (const explain::Attempt& attempt : attempts)
    text += std::string(name(attempt.kind)) + ": " + explain::words(graph, attempt) + "\n";
  return text;
}

Told told(const topology::Case& one, const std::string& call, bool verbose) {
  const topology::NetworkGraph graph = topology::NetworkGraph::ofCalls(one.topology, one.calls);
  Told all;
  std::size_t number = 0;
  for (auto& plan : sim::findCalls(graph, one, call)) {
    const topology::Call& planned = one.calls[number++];
    if (!call.empty() && plan.call != call) continue;
    if (planned.copy > 0) continue;  // as the first
    explain::addSignalingRefusals(graph, one.topology, planned, plan);
    all.text += explain::explainText(graph, plan);
    all.text += verbose ? iceOf(one, planned) : endingsOf(one, planned);
    if (planned.count > 1)
      all.text +=
          "and " + counted(static_cast<std::size_t>(planned.count) - 1, "more call") + " like it\n";
    for (const auto& path : plan.paths) {
      all.decided += decidedIn(graph, path.attempts);
      for (const auto& leg : path.legs)
        for (const auto link : leg.links) all.decided += toText(graph.link(link)) + "\n";
    }
    for (const auto& signaling : plan.signaling) all.decided += signaling.refused + "\n";
    for (const auto& failure : plan.failures)
      all.decided += failure.who + "\n" + decidedIn(graph, failure.attempts);
  }
  return all;
}

// Cases of which the same is to be said. In a sweep: cells of a variant in which the same was
// decided, and the first is shown.
struct Alike {
  const topology::Case* shown = nullptr;
  std::vector<std::string> variants;
  Told told;

  bool joins(const topology::Case& one, const Told& other) const {
    if (one.cell.empty()) return told.text == other.text;
    return one.base == shown->base && told.decided == other.decided;
  }

  std::string heading() const {
    if (variants.size() == 1) return "variant " + variants.front() + "\n";
    if (shown->cell.empty()) return "variants " + listed(variants) + "\n";
    return "variant " + variants.front() + "\nand " + counted(variants.size() - 1, "more cell") +
           " by the same paths, with other figures of links (--variant CELL shows one)\n";
  }
};

void checkNames(const topology::Scenario& scenario, const ExplainOptions& options) {
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
    throw UsageError(options.files.front() + " has no " + what + " \"" + name + "\"" +
                     didYouMean(name, names) + " (it has " + listed(names) + ")");
  };
  check("call", options.call, calls);
  check("variant", options.variant, variants);
}

// Every case by itself.
nlohmann::ordered_json jsonOfCases(const topology::Scenario& scenario,
                                   const ExplainOptions& options) {
  auto variants = nlohmann::ordered_json::array();
  for (const auto& one : scenario.cases) {
    if (!options.variant.empty() && one.variant != options.variant && one.base != options.variant)
      continue;
    const topology::NetworkGraph graph = topology::NetworkGraph::ofCalls(one.topology, one.calls);
    auto calls = nlohmann::ordered_json::array();
    std::size_t number = 0;
    for (auto& plan : sim::findCalls(graph, one, options.call)) {
      const topology::Call& planned = one.calls[number++];
      if (!options.call.empty() && plan.call != options.call) continue;
      explain::addSignalingRefusals(graph, one.topology, planned, plan);
      calls.push_back(jsonOf(graph, plan));
      if (options.verbose) addIce(one, planned, calls.back());
    }
    variants.push_back({{"variant", one.variant}, {"calls", std::move(calls)}});
  }
  return {{"scenario", scenario.name}, {"variants", std::move(variants)}};
}

int explainFile(const ExplainOptions& options) {
  const auto scenarios = loadScenarios({options.files.front()}, "nothing was explained");
  if (!scenarios) return exitBadInput;
  const topology::Scenario& scenario = scenarios->front();
  checkNames(scenario, options);
  if (options.format == "json") {
    printResult(jsonText(jsonOfCases(scenario, options)));
    return exitFine;
  }
  std::vector<Alike> groups;
  for (const auto& one : scenario.cases) {
    if (!options.variant.empty() && one.variant != options.variant && one.base != options.variant)
      continue;
    Told mine = told(one, options.call, options.verbose);
    const auto same = std::find_if(groups.begin(), groups.end(),
                                   [&](const Alike& each) { return each.joins(one, mine); });
    if (same == groups.end()) {
      groups.push_back({&one, {one.variant}, std::move(mine)});
    } else {
      same->variants.push_back(one.variant);
    }
  }
  for (const Alike& group : groups) {
    printResult(compare::fitted((&group == &groups.front() ? "" : "\n") +
                                    (scenario.cases.size() > 1 ? group.heading() : "") +
                                    group.told.text,
                                columnsToUse()));
  }
  return exitFine;
}

}  // namespace

Action setUpExplain(CLI::App& app) {
  auto options = std::make_shared<ExplainOptions>();
  app.add_option("FILE", options->files,
                 "Scenario file, or topology with --from; of two, what differs")
      ->required()
      ->type_name("");
  app.add_option("--call", options->call, "This call only")->type_name("NAME");
  app.add_option("--variant", options->variant, "This variant only")->type_name("NAME");
  app.add_option("--against", options->against,
                 "Which paths differ from those of --variant, and why; of two files, the second's")
      ->type_name("NAME");
  app.add_flag("-v,--verbose", options->verbose,
               "Every candidate of the clients, and every pair with what became of it");
  app.add_flag(
      "--fix", options->fix,
      "The smallest changes of rules, NATs, proxies, tunnels and routes that mend the calls");
  app.add_option("--from", options->from,
                 "Not calls: does a packet get from here, somebody, a site or a server,")
      ->type_name("PLACE");
  app.add_option("--to", options->to, "to there, the same, relay, or an IPv4 address,")
      ->type_name("PLACE");
  app.add_option("--udp", options->udp, "over UDP to this port,")
      ->check(wholeNumber(1, 65535))
      ->type_name("PORT");
  app.add_option("--tcp", options->tcp, "or over TCP, and its answer back")
      ->check(wholeNumber(1, 65535))
      ->type_name("PORT");
  app.add_option("--format", options->format, "text or json")
      ->check(oneOf({"text", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  return [options] {
    if (options->files.size() > 2)
      throw UsageError("there are " + counted(options->files.size(), "file") +
                       ": write one, or two to be compared");
    const bool reachability =
        !options->from.empty() || !options->to.empty() || options->udp != 0 || options->tcp != 0;
    const bool difference = options->files.size() > 1 || !options->against.empty();
    if (options->verbose && (options->fix || difference || reachability))
      throw UsageError("-v shows the agents of calls, and says nothing of " +
                       std::string(options->fix   ? "--fix"
                                   : reachability ? "--from and --to"
                                                  : "what differs") +
                       ": leave out one of them");
    if (options->fix && (reachability || difference))
      throw UsageError(
          "--fix mends the calls of one file, and goes with neither --from, --to nor "
          "what differs: leave out one of them");
    if (reachability) return explainReachability(*options);
    if (options->fix) return explainFixes(*options);
    if (difference) return explainDifference(*options);
    return explainFile(*options);
  };
}

}  // namespace callflow::cli
