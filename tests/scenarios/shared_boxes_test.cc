// Calls that share a box: whether it has room for them.
#include <catch2/catch.hpp>

#include "src/explain/plan.h"
#include "tests/support/scenarios.h"

namespace callflow {
namespace {

constexpr const char* kHomes = R"(scenario: homes
topology:
  remote:
    home: {nat: box, uplink: {rate: 50 Mbit/s, delay: 5 ms}}
    cafe: {nat: cafe-router, uplink: {rate: 50 Mbit/s, delay: 5 ms}}
  devices:
    box: BOX
    cafe-router: {kind: nat}
  azure: {regions: [northeurope]}
calls:
  - {name: first, participants: [ann@home, bob@cafe], duration: 10 s}
  - {name: second, participants: [cem@home, dan@cafe], duration: 10 s}
  - {name: third, participants: [eva@home, flo@cafe], duration: 10 s}
runs: 1
)";

topology::Scenario homes(const std::string& box) {
  std::string text = kHomes;
  text.replace(text.find("BOX"), 3, box);
  return testing::parsedScenario("homes", text);
}

std::vector<explain::CallPlan> plansOf(const topology::Scenario& scenario) {
  const topology::Case& one = scenario.cases.front();
  return explain::planCalls(topology::NetworkGraph(one.topology, one.calls), one.topology,
                            one.calls);
}

}  // namespace

TEST_CASE("a call for which a NAT has no port left takes another way, or none") {
  // Two ports for UDP, and two for TCP apart from them.
  const auto plans = plansOf(homes("{kind: nat, port-range: 5000-5001}"));
  CHECK(plans[0].paths.at(0).kind == topology::PathKind::direct);
  CHECK(plans[1].paths.at(0).kind == topology::PathKind::direct);
  CHECK(plans[2].paths.at(0).kind == topology::PathKind::relayTcp);
  // Who may not use TCP does not ask for it, either: there is room for the third.
  topology::Scenario scenario = homes("{kind: nat, port-range: 5000-5001}");
  for (const std::size_t i : {0U, 1U})
    scenario.cases.front().calls[i].paths = {topology::PathKind::direct};
  scenario.cases.front().calls[2].start = Duration::ms(500);
  const metrics::RunRecord record = testing::simulated(scenario);
  CHECK(record.failedCalls.empty());
  for (const metrics::StreamRecord& stream : record.streams)
    CHECK(stream.totals[metrics::MetricId::audio_lost_ratio] == 0);
}

TEST_CASE("a call for which a firewall's table has no room is refused with its reason") {
  const topology::Scenario scenario = homes("{kind: firewall, nat: {}, state-table: 2}");
  const topology::Case& one = scenario.cases.front();
  const topology::NetworkGraph graph(one.topology, one.calls);
  const auto plans = explain::planCalls(graph, one.topology, one.calls);
  // What the STUN server was asked for, and the call.
  CHECK(plans[0].paths.at(0).kind == topology::PathKind::direct);
  REQUIRE(plans[1].failures.size() == 1);
  CHECK(explain::words(graph, plans[1].failures[0].attempts[0])
            .find("the table of connections is "
                  "full") != std::string::npos);
}

TEST_CASE("calls take room in the order in which they start") {
  topology::Scenario scenario = homes("{kind: nat, port-range: 5000-5001}");
  scenario.cases.front().calls[0].start = Duration::s(2);
  const auto plans = plansOf(scenario);
  CHECK(plans[0].call == "first");
  CHECK(plans[0].paths.at(0).kind == topology::PathKind::relayTcp);
  CHECK(plans[2].paths.at(0).kind == topology::PathKind::direct);
}

TEST_CASE("what a NAT that forgot brings to another computer is nobody's, over UDP and over TCP") {
  // The box has two ports for each protocol. Started anew, it gives the lower to the first that
  // sends, and what is sent to it comes there, whoever it was meant for.
  for (const std::string path : {"direct", "relay-tcp"}) {
    int astray = 0;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      topology::Scenario scenario =
          homes("{kind: nat, filtering: endpoint-independent, port-range: 5000-5001}");
      topology::Case& one = scenario.cases.front();
      one.calls.pop_back();
      for (topology::Call& call : one.calls)
        call.paths = {path == "direct" ? topology::PathKind::direct : topology::PathKind::relayTcp};
      topology::LinkChange restart;
      restart.at = Duration::s(5);
      restart.device = "box";
      restart.forget = wire::RuleProtocol::any;
      one.events = {restart};
      scenario.seed = seed;
      const metrics::RunRecord record = testing::simulated(scenario);
      for (const metrics::BoxDrop& drop : record.drops)
        if (drop.element.ends_with("@home")) ++astray;
    }
    INFO(path);
    // In half of the runs the other one is first.
    CHECK(astray > 0);
  }
}

TEST_CASE("a shaper lets through what its rates allow before and after an event") {
  // 2 Mbit/s come for 10 s. Its bucket holds 3000 B; 1 Mbit/s for 5 s are 625,000 B more, 400
  // kbit/s for 5 s 250,000 B, and 30,000 B wait at the end: 908,000 B, less parts of packets of
  // 1228 B in the bucket and in the queue. Without the event 1,283,000 B.
  const std::string text = R"(scenario: shaped
topology:
  sites:
    hq: {perimeter: [slow, wall], uplink: {rate: 100 Mbit/s}}
    lab: {perimeter: [lab-nat]}
    cafe: {perimeter: [cafe-nat]}
  devices:
    wall: {kind: nat}
    lab-nat: {kind: nat}
    cafe-nat: {kind: nat}
    slow: {kind: shaper, rate: 1 Mbit/s, burst: 3000 B, queue: 30 kB}
calls: [{participants: [ann@lab, bob@cafe], setup: 1 s, duration: 15 s}]
traffic: [{kind: constant, name: load, from: hq, to: internet, rate: 2 Mbit/s, start: 2 s, duration: 10 s}]
events: [{at: 7 s, device: slow, up: {rate: 400 kbit/s}}]
runs: 1
)";
  const auto received = [](const topology::Scenario& scenario) {
    return testing::simulated(scenario).traffic.at(0).received.count();
  };
  topology::Scenario scenario = testing::parsedScenario("shaped", text);
  CHECK(received(scenario) <= 908'000);
  CHECK(received(scenario) > 908'000 - 2 * 1228);
  scenario.cases.front().events.clear();
  CHECK(received(scenario) <= 1'283'000);
  CHECK(received(scenario) > 1'283'000 - 2 * 1228);
}

}  // namespace callflow
