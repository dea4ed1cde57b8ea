#include "src/topology/reference.h"

#include <cstdio>

#include "src/config/documents.h"
#include "src/topology/regions.h"
#include "src/topology/scenario_table.h"
#include "src/topology/topology_table.h"

namespace callflow::topology {
namespace {

const config::TableBase& topologyRoot() {
  return tableOf(static_cast<const TopologyFile*>(nullptr));
}
const config::TableBase& scenarioRoot() {
  return tableOf(static_cast<const ScenarioFile*>(nullptr));
}

std::vector<const config::TableBase*> roots() {
  return {&topologyRoot(), &scenarioRoot()};
}

// "  westeurope           52.37    4.90"
std::string placeLine(std::string_view name, Location location) {
  char line[64];
  std::snprintf(line, sizeof line, "  %-20.*s %7.2f %8.2f\n", static_cast<int>(name.size()),
                name.data(), location.latitude, location.longitude);
  return line;
}

std::string regionsText() {
  std::string text =
      "The public regions of Azure, for `azure: {regions: [...]}` and `location:`, with latitude "
      "and\nlongitude. An asterisk: Microsoft's published round trips to other such regions are "
      "used;\nbetween others distance decides. Regions of the clouds for the US government and in "
      "China are\nnetworks of their own and not here.\n\n";
  const std::span<const Region> all = builtInRegions();
  for (const Region& region : all) {
    std::string line = placeLine(region.name, region.location);
    const std::string_view other = &region == &all.front() ? all[1].name : all.front().name;
    if (publishedRtt(region.name, other)) line.insert(line.size() - 1, "  *");
    text += line;
  }
  return text;
}

std::string edgesText() {
  std::string text =
      "Where traffic enters Microsoft's network, for `azure: {edges: [...]}` and `location:`, "
      "with\n"
      "latitude and longitude. Regions may stand there too: see callflow help regions.\n\n";
  for (const Edge& edge : builtInEdges()) text += placeLine(edge.name, edge.location);
  return text;
}

}  // namespace

std::vector<std::string> placeTopics() {
  return {"regions", "edges"};
}

std::optional<std::string> placesText(const std::string& topic) {
  if (topic == "regions") return regionsText();
  if (topic == "edges") return edgesText();
  return {};
}

std::vector<std::string> helpKinds() {
  std::vector<std::string> kinds;
  for (const config::TableBase* table : config::reachableTables(roots()))
    kinds.push_back(table->kind());
  return kinds;
}

std::optional<std::string> helpText(const std::string& kind) {
  const config::TableBase* table = config::findTable(roots(), kind);
  if (table == nullptr) return {};
  return config::helpText(*table);
}

std::string presetsText() {
  return config::presetsText(roots());
}

std::string topologyReference() {
  return config::referenceMarkdown({&topologyRoot()}, "Topology files");
}

std::string scenarioReference() {
  return config::referenceMarkdown({&scenarioRoot()}, "Scenario files");
}

std::string topologySchema() {
  return config::jsonSchema(topologyRoot(), "callflow topology");
}

std::string scenarioSchema() {
  return config::jsonSchema(scenarioRoot(), "callflow scenario");
}

}  // namespace callflow::topology
