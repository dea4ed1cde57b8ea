// A relay gives out the ports of its range, and no more.
#include <catch2/catch.hpp>

#include "tests/support/scenarios.h"

namespace callflow {

TEST_CASE("a relay whose ports are all given out refuses the next call, and says so") {
  const topology::Scenario scenario =
      testing::parsedScenario("relay-ports", R"(scenario: relay-ports
topology:
  sites:
    dc: {subnets: [198.51.100.0/24]}
  remote:
    home: {nat: home-router}
    cafe: {nat: cafe-router}
  devices: {home-router: {kind: nat}, cafe-router: {kind: nat}}
  servers: {ours: {kind: relay, at: dc, ports: 50000-50001}}
calls:
  - {name: talk, count: 4, participants: [ann@home, bob@cafe], relays: [ours], paths: [relay-udp], duration: 3 s}
runs: 1
)");
  const metrics::RunRecord record = testing::simulated(scenario);
  // Two ports, a call needs one of them.
  CHECK(record.streams.size() == 4);
  REQUIRE(record.failedCalls.size() == 2);
  REQUIRE_FALSE(record.failedCalls[0].reasons.empty());
  CHECK(record.failedCalls[0].reasons[0].find("no port left to give out (508)") !=
        std::string::npos);
}

}  // namespace callflow
