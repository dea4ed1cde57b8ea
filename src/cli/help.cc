// help, schema and version: what is printed from tables and constants.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "src/cli/build_info.h"
#include "src/cli/checks.h"
#include "src/cli/exit_code.h"
#include "src/cli/output.h"
#include "src/cli/verb.h"
#include "src/compare/wrap.h"
#include "src/metrics/metric.h"
#include "src/topology/reference.h"

namespace callflow::cli {
namespace {

constexpr const char* kMetricsTopic = "metrics";
constexpr const char* kPresetsTopic = "presets";

// What `expect:` and `--metric` may name, from the metric table.
std::string metricsHelp() {
  std::string text =
      "Metrics, each of one stream, per window of 10 s and per call. Of several streams they are\n"
      "averaged, unless said otherwise.\n"
      "\n"
      "`expect:` and `--metric` name them; `expect:` may add a statistic:\n"
      "  mean           over the runs of the calls' values: what tables show; also without a word\n"
      "  min, max, p5   over the windows of 10 s of all streams and runs; of what is counted and "
      "of\n"
      "                 largest values, over the runs (p1 to p99)\n";
  for (const metrics::Metric& metric : metrics::allMetrics()) {
    text += "\n  " + std::string(metric.name);
    if (!metric.unit.empty()) text += " [" + std::string(metric.unit) + "]";
    if (metric.better == metrics::Better::higher) text += ", higher is better";
    if (metric.better == metrics::Better::lower) text += ", lower is better";
    if (metric.pooling == metrics::Pooling::sum) text += "; streams add up";
    if (metric.pooling == metrics::Pooling::max) text += "; of streams the largest";
    text += "\n      " + std::string(metric.help) +
            "\n      source: " + std::string(metric.source) + "\n      a difference matters from " +
            metrics::marginText(metric, metric.margin) + " (" + std::string(metric.margin.source) +
            ")\n";
  }
  return text;
}

// The kinds of maps that have the key, for who asks for help on a key.
std::vector<std::string> kindsWithKey(const std::string& key) {
  std::vector<std::string> kinds;
  for (const std::string& kind : topology::helpKinds()) {
    const auto text = topology::helpText(kind);
    if (text && text->find("\n  " + key + ": ") != std::string::npos) kinds.push_back(kind);
  }
  return kinds;
}

// Within the terminal's width.
void printText(const std::string& text) {
  printResult(compare::fitted(text, columnsToUse()));
}

int help(const std::string& topic, bool markdown) {
  if (markdown) {
    if (topic == "topology") {
      printResult(topology::topologyReference());
    } else if (topic == "scenario") {
      printResult(topology::scenarioReference());
    } else {
      throw UsageError("--format markdown writes the pages of topology and scenario, not of \"" +
                       topic + "\"");
    }
    return exitFine;
  }
  if (topic.empty()) {
    printText(helpOf(""));
    printText("\nKinds of YAML maps that callflow help explains: " + listed(topology::helpKinds()) +
              "; and metrics, presets, regions, edges\n");
    return exitFine;
  }
  for (const Verb& verb : verbs()) {
    if (verb.name == topic) {
      printText(helpOf(topic));
      return exitFine;
    }
  }
  if (topic == kMetricsTopic) {
    printText(metricsHelp());
    return exitFine;
  }
  if (topic == kPresetsTopic) {
    printText(topology::presetsText());
    return exitFine;
  }
  if (const auto text = topology::placesText(topic)) {
    printText(*text);
    return exitFine;
  }
  if (const auto text = topology::helpText(topic)) {
    printText(*text);
    return exitFine;
  }
  if (const auto kinds = kindsWithKey(topic); !kinds.empty()) {
    throw UsageError("\"" + topic + "\" is a key of " + listed(kinds) + ": see callflow help " +
                     kinds.front());
  }
  std::vector<std::string> verbNames;
  for (const Verb& verb : verbs()) verbNames.emplace_back(verb.name);
  std::vector<std::string> known = topology::helpKinds();
  known.emplace_back(kMetricsTopic);
  known.emplace_back(kPresetsTopic);
  for (const std::string& places : topology::placeTopics()) known.push_back(places);
  known.insert(known.end(), verbNames.begin(), verbNames.end());
  throw UsageError("no help for \"" + topic + "\"" + didYouMean(topic, known) +
                   " (verbs: " + listed(verbNames) + "; kinds: " + listed(topology::helpKinds()) +
                   "; metrics, presets, regions, edges)");
}

int schema(const std::string& kind) {
  printResult(kind == "topology" ? topology::topologySchema() : topology::scenarioSchema());
  return exitFine;
}

int version() {
  printResult("callflow " + std::string(programVersion()) + " (ns-3 " + std::string(ns3Version()) +
              ", " + compilerText() + ")\n");
  return exitFine;
}

}  // namespace

Action setUpHelp(CLI::App& app) {
  struct Options {
    std::string topic;
    std::string format = "text";
  };
  auto options = std::make_shared<Options>();
  app.add_option("TOPIC", options->topic,
                 "A verb, or a kind of map: topology, scenario, firewall ...")
      ->type_name("");
  app.add_option("--format", options->format, "text, or markdown for the pages of docs/reference")
      ->check(oneOf({"text", "markdown"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  return [options] { return help(options->topic, options->format == "markdown"); };
}

Action setUpSchema(CLI::App& app) {
  auto kind = std::make_shared<std::string>();
  app.add_option("KIND", *kind, "topology or scenario")
      ->required()
      ->check(oneOf({"topology", "scenario"}))
      ->type_name("");
  return [kind] { return schema(*kind); };
}

Action setUpVersion(CLI::App&) {
  return [] { return version(); };
}

}  // namespace callflow::cli
