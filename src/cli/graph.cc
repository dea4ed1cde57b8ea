#include "src/topology/graph.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "src/cli/checks.h"
#include "src/cli/exit_code.h"
#include "src/cli/json.h"
#include "src/cli/loading.h"
#include "src/cli/output.h"
#include "src/cli/verb.h"
#include "src/explain/plan.h"
#include "src/process/program.h"
#include "src/sim/found_calls.h"
#include "src/topology/draw.h"

namespace callflow::cli {
namespace {

struct Options {
  std::string file;
  std::string format = "dot";
  std::string call;
  std::string variant;
  std::string output;
};

// Of the first call of this name, beside the case's other calls.
explain::CallPlan planOf(const topology::NetworkGraph& graph, const topology::Case& one,
                         const std::string& name) {
  std::vector<std::string> names;
  for (explain::CallPlan& plan : sim::findCalls(graph, one)) {
    names.push_back(plan.call);
    if (plan.call == name) return std::move(plan);
  }
  if (names.empty()) throw UsageError("a topology has no calls: name a scenario file with --call");
  throw UsageError("there is no call \"" + name + "\"" + didYouMean(name, names) + " (there is " +
                   listed(names) + ")");
}

std::vector<topology::DrawnLeg> legsOf(const explain::CallPlan& plan) {
  std::vector<topology::DrawnLeg> legs;
  for (const auto& path : plan.paths) {
    for (const auto& leg : path.legs) {
      const bool udp = leg.transport == explain::Transport::udp;
      legs.push_back(
          {leg.links, udp ? topology::MediaTransport::udp : topology::MediaTransport::tcp});
    }
  }
  if (legs.empty()) printNote("call " + plan.call + " has no path: callflow explain says why");
  return legs;
}

int draw(const Options& options) {
  const auto one = loadCase(options.file, options.variant, "nothing was drawn");
  if (!one) return exitBadInput;
  const topology::NetworkGraph graph(one->topology, one->calls);
  topology::DrawOptions how;
  how.title = one->topology.name;
  std::optional<explain::CallPlan> plan;
  if (!options.call.empty()) {
    plan = planOf(graph, *one, options.call);
    how.legs = legsOf(*plan);
    how.title += ": call " + options.call;
    if (!one->variant.empty() && one->variant != "base") how.title += ", " + one->variant;
  }
  if (options.format == "json") {
    nlohmann::ordered_json json = {{"title", how.title}};
    json.update(jsonOf(graph));
    if (plan) json["call"] = jsonOf(graph, *plan);
    writeOutput(options.output, jsonText(json));
    return exitFine;
  }
  if (options.format == "mermaid") {
    writeOutput(options.output, topology::drawMermaid(graph, how));
    return exitFine;
  }
  const std::string dot = topology::drawDot(graph, how);
  if (options.format == "dot") {
    writeOutput(options.output, dot);
    return exitFine;
  }
  const ProgramOutcome svg = runProgram({.command = {"dot", "-Tsvg"}, .input = dot});
  if (!svg.found) {
    throw UsageError("--format svg needs the program dot of Graphviz; --format dot needs nothing");
  }
  if (svg.status != 0) {
    throw std::runtime_error("dot could not draw the network, it ended with " +
                             std::to_string(svg.status) + ": " + svg.message);
  }
  writeOutput(options.output, svg.output);
  return exitFine;
}

}  // namespace

Action setUpGraph(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("FILE", options->file, "Scenario or topology file")->required()->type_name("");
  app.add_option("--format", options->format, "dot, mermaid, svg or json")
      ->check(oneOf({"dot", "mermaid", "svg", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  app.add_option("--call", options->call, "Highlight the media path of this call")
      ->type_name("NAME");
  app.add_option("--variant", options->variant, "Of this variant; else of the first")
      ->type_name("NAME");
  app.add_option("-o,--output", options->output, "Write to this file in place of standard output")
      ->type_name("FILE");
  return [options] { return draw(*options); };
}

}  // namespace callflow::cli
