// A toy box, which the rest of callflow has never heard of: it is written in YAML, drawn,
// explained, simulated and documented, because its folder says all of that
// (tests/kinds/CMakeLists.txt).
#include <catch2/catch.hpp>

#include "src/explain/plan.h"
#include "src/sim/run.h"
#include "src/topology/draw.h"
#include "src/topology/graph.h"
#include "src/topology/reference.h"
#include "tests/support/scenarios.h"
#include "tests/support/show_units.h"

namespace callflow {
namespace {

// Round numbers and nothing random. The box is met once on the way out and once on the way in.
topology::Scenario scenarioWith(const std::string& device) {
  return testing::parsedScenario("delayer", R"(
topology:
  sites:
    office:
      location: westeurope
      access: {rate: unlimited, delay: 1 ms}
      perimeter: [slow]
      uplink: {rate: unlimited, delay: 4 ms}
  remote:
    home:
      location: westeurope
      access: {rate: unlimited, delay: 1 ms}
      uplink: {rate: unlimited, delay: 4 ms}
  devices: {slow: )" + device + R"(}
  internet: {minimum-delay: 10 ms, jitter: 0 ms}
warm-up: 0 s
runs: 1
calls: [{name: chat, clocks: ideal, participants: [alice@office, bob@home], duration: 2 s, setup: 1 s}]
)");
}

Duration queuedAt(const metrics::StreamRecord& stream, const std::string& element) {
  Duration sum;
  for (const metrics::BudgetPart& part : stream.budget) {
    if (part.cause == metrics::DelayCause::queueing && part.element == element) sum += part.sum;
  }
  return sum;
}

}  // namespace

TEST_CASE("a box of a new kind holds packets, and the budget has its time under its name") {
  const topology::Scenario scenario = scenarioWith("{kind: delayer}");
  const metrics::RunRecord record = testing::simulated(scenario);
  REQUIRE(record.streams.size() == 2);
  for (const metrics::StreamRecord& stream : record.streams) {
    INFO(stream.from << " to " << stream.to);
    CHECK(stream.path == "direct");
    REQUIRE(stream.played > 0);
    CHECK(queuedAt(stream, "slow") == Duration::ms(3) * stream.played);
    Duration sum;
    for (const metrics::BudgetPart& part : stream.budget) sum += part.sum;
    CHECK(sum == stream.totalDelay);
  }
  const metrics::RunRecord longer = testing::simulated(scenarioWith("{kind: delayer, time: 7 ms}"));
  CHECK(queuedAt(longer.streams[0], "slow") == Duration::ms(7) * longer.streams[0].played);
}

TEST_CASE("a box of a new kind is drawn, with its role, and explained, hop by hop") {
  const topology::Scenario scenario = scenarioWith("{kind: delayer}");
  const topology::Case& one = scenario.cases.front();
  const topology::NetworkGraph graph(one.topology, one.calls);
  CHECK(topology::drawDot(graph).find("delayer") != std::string::npos);
  CHECK(topology::drawMermaid(graph).find("delayer") != std::string::npos);
  const std::string text =
      explain::explainText(graph, explain::planCall(graph, one.topology, one.calls.front()));
  CHECK(text.find("office.lan:slow up\n      slow\n") != std::string::npos);
}

TEST_CASE("a box of a new kind is written, bounded and documented like the others") {
  CHECK(testing::faultsOf("delayer-long", "topology: {devices: {slow: {kind: delayer, time: 2 s}}}")
            .find("1 s") != std::string::npos);
  CHECK(testing::faultsOf("delayer-none", "topology: {devices: {slow: {kind: delayr}}}")
            .find("delayer") != std::string::npos);
  const auto help = topology::helpText("delayer");
  REQUIRE(help);
  CHECK(help->find("3 ms") != std::string::npos);
  CHECK(topology::topologySchema().find("\"delayer\"") != std::string::npos);
  CHECK(topology::topologyReference().find("Holds each packet for a while.") != std::string::npos);
}

}  // namespace callflow
