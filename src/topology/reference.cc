#include "src/topology/reference.h"

#include "src/config/documents.h"
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

}  // namespace

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
