#include "tests/check/support.h"

#include <filesystem>
#include <fstream>

#include "src/sim/found_calls.h"
#include "src/topology/load.h"

namespace callflow::check::testing {

Report checked(const std::string& yaml, Ratio share) {
  const std::string file = std::string(CALLFLOW_TEST_DIR) + "/net.yaml";
  std::ofstream(file) << yaml;
  Diagnostics diagnostics;
  const auto kind = topology::fileKind(file, diagnostics);
  std::vector<topology::Case> cases;
  if (kind == topology::FileKind::scenario) {
    if (auto scenario = topology::loadScenario(file, diagnostics)) cases = scenario->cases;
  } else if (auto network = topology::loadTopology(file, diagnostics)) {
    cases.emplace_back();
    cases.front().topology = *network;
  }
  INFO(diagnostics.render("nothing was checked"));
  REQUIRE(!diagnostics.hasErrors());
  REQUIRE(!cases.empty());
  return checkCases(file, cases, share,
                    [](const auto& graph, const auto& one) { return sim::findCalls(graph, one); });
}

std::vector<Finding> of(const Report& report, std::string_view rule) {
  std::vector<Finding> found;
  for (const Finding& finding : report.findings)
    if (finding.rule == rule) found.push_back(finding);
  return found;
}

Finding only(const Report& report, std::string_view rule) {
  const std::vector<Finding> found = of(report, rule);
  INFO(toText(report));
  REQUIRE(found.size() == 1);
  return found.front();
}

std::string at(const Finding& finding) {
  return std::to_string(finding.pos.line) + ":" + std::to_string(finding.pos.column);
}

}  // namespace callflow::check::testing
