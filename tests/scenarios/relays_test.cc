// What relays give out, and what they pass on.
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

TEST_CASE("what a relay passes on is counted, as it is paid for") {
  const topology::Scenario scenario = testing::parsedScenario("relayed", R"(scenario: relayed
topology:
  remote:
    home: {nat: home-router}
    cafe: {nat: cafe-router}
  devices: {home-router: {kind: nat}, cafe-router: {kind: nat}}
  azure: {regions: [westeurope]}
calls:
  - name: talk
    participants: [ann@home, bob@cafe]
    paths: [relay-udp]
    duration: 10 s
    audio: {codec: pcmu, frame: 20 ms}
runs: 1
)");
  const metrics::RunRecord record = testing::simulated(scenario);
  REQUIRE(record.relays.size() == 1);
  CHECK(record.relays[0].relay == "azure:westeurope/relay");
  // 500 packets each way of 160 B of sound, RTP 12, its extensions 16, SRTP's tag 10, UDP and IP
  // 28; on one of the two legs with a TURN channel's header of 4. Receiver reports and checks come
  // on top.
  const std::int64_t media = 500 * (230 + 226);
  CHECK(record.relays[0].packets >= 1000);
  CHECK(record.relays[0].bytes.count() >= media);
  CHECK(record.relays[0].bytes.count() < media * 103 / 100);
}

}  // namespace callflow
