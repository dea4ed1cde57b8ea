// What the clients of scenarios/vpn-overlap.yaml find: by the packets of their agents, and by the
// plan.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "src/explain/plan.h"
#include "tests/support/scenarios.h"

namespace callflow {
namespace {

const topology::Case& caseOf(const topology::Scenario& scenario, const std::string& variant) {
  const auto found =
      std::find_if(scenario.cases.begin(), scenario.cases.end(),
                   [&](const topology::Case& each) { return each.variant == variant; });
  REQUIRE(found != scenario.cases.end());
  return *found;
}

// "direct by tunnel", "relay-udp around".
std::string found(const std::string& variant) {
  topology::Scenario scenario =
      testing::loadedScenario(std::string(CALLFLOW_SOURCE_DIR) + "/scenarios/vpn-overlap.yaml");
  scenario.cases = {caseOf(scenario, variant)};
  const topology::Case& one = scenario.cases.front();
  const metrics::RunRecord run = testing::simulated(scenario);
  REQUIRE(run.streams.size() == 2);
  const topology::NetworkGraph graph(one.topology, one.calls);
  const explain::CallPlan plan = explain::planCall(graph, one.topology, one.calls.front());
  std::string way;
  for (const metrics::StreamRecord& stream : run.streams) {
    INFO(variant << " " << stream.from);
    bool tunnel = false;
    for (const metrics::Leg& leg : stream.legs)
      tunnel = tunnel ||
               std::find(leg.nodes.begin(), leg.nodes.end(), "ben@home/vpn") != leg.nodes.end();
    const std::string here = stream.path + (tunnel ? " by tunnel" : " around");
    if (way.empty()) way = here;
    CHECK(way == here);
    REQUIRE(plan.paths.size() == 2);
    for (const explain::MediaPath& path : plan.paths)
      CHECK(std::string(topology::name(path.kind)) == stream.path);
  }
  return way;
}

}  // namespace

TEST_CASE("clients of a VPN whose home has the office's addresses find another way") {
  CHECK(found("own-ranges") == "direct by tunnel");
  CHECK(found("host-route") == "direct by tunnel");
  CHECK(found("same-range") == "relay-udp around");
  CHECK(found("udp-open") == "direct around");
  CHECK(found("full-tunnel") == "relay-udp by tunnel");
}

}  // namespace callflow
