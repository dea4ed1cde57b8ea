// Calls to telephones: which way their media takes, and how long it is on it.
#include <catch2/catch.hpp>

#include "src/explain/plan.h"
#include "tests/support/scenarios.h"

namespace callflow {
namespace {

// All in one city, beside its region: an uplink of 4 ms, one of 1 ms, 2 ms of Internet each time it
// is crossed, 1 ms in each server.
constexpr const char* kCity = R"(scenario: telephone
topology:
  sites:
    hq:
      location: amsterdam
      subnets: [10.1.0.0/16]
      perimeter: [wall]
      access: {rate: unlimited, delay: 0 ms}
      uplink: {rate: unlimited, delay: 4 ms}
    dmz:
      location: amsterdam
      subnets: [198.51.100.0/28]
      perimeter: [dmz-wall]
      uplink: {rate: unlimited, delay: 1 ms}
  devices:
    wall: {kind: firewall, nat: {}}
    dmz-wall: {kind: firewall, rules: [{allow: udp, direction: in, to: our-sbc, ports: 16384-32767}]}
  servers: {our-sbc: {kind: sbc, at: dmz}}
  internet: {minimum-delay: 2 ms, jitter: 0 ms}
  azure: {regions: [westeurope]}
calls:
  - name: call
    participants: [alice@hq, bob@our-sbc]
    clocks: ideal
    duration: 4 s
    audio: {codec: pcmu}
runs: 1
)";

topology::Scenario city(const std::vector<std::pair<std::string, std::string>>& changes = {}) {
  std::string text = kCity;
  for (const auto& [from, to] : changes) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
  }
  return testing::parsedScenario("telephone", text);
}

double meanDelayMs(const metrics::RunRecord& record, const std::string& from) {
  for (const metrics::StreamRecord& stream : record.streams)
    if (stream.from == from)
      return 1000 * stream.totals[metrics::MetricId::audio_one_way_delay_mean];
  FAIL("nothing from " << from);
  return 0;
}

explain::CallPlan planOf(const topology::Scenario& scenario) {
  const topology::Case& one = scenario.cases.front();
  return explain::planCall(topology::NetworkGraph(one.topology, one.calls), one.topology,
                           one.calls.front());
}

const std::pair<std::string, std::string> kBypass{"kind: sbc", "kind: sbc, media-bypass: true"};

}  // namespace

TEST_CASE("a call by an SBC goes over a media processor, or straight to it with media bypass") {
  {
    // 4 + 2 + 1 in the media processor + 2 + 1 + 1 in the SBC + 15 of telephone network.
    const metrics::RunRecord record = testing::simulated(city());
    CHECK(record.streams.at(0).path == "media-processor");
    CHECK(meanDelayMs(record, "alice@hq") == Approx(26).margin(0.001));
    CHECK(meanDelayMs(record, "bob@our-sbc") == Approx(26).margin(0.001));
  }
  {
    // 4 + 2 + 1 + 1 in the SBC + 15.
    const metrics::RunRecord record = testing::simulated(city({kBypass}));
    CHECK(record.streams.at(0).path == "direct");
    CHECK(meanDelayMs(record, "alice@hq") == Approx(23).margin(0.001));
    CHECK(meanDelayMs(record, "bob@our-sbc") == Approx(23).margin(0.001));
  }
}

TEST_CASE("a call by Azure's trunk leaves for the telephone network at its media processor") {
  // 4 + 2 + 1 in the media processor + 15.
  const metrics::RunRecord record = testing::simulated(city({{"bob@our-sbc", "bob@pstn"}}));
  CHECK(record.streams.at(0).path == "media-processor");
  CHECK(meanDelayMs(record, "alice@hq") == Approx(22).margin(0.001));
  CHECK(meanDelayMs(record, "bob@pstn") == Approx(22).margin(0.001));
}

TEST_CASE("the telephone network takes its time, that of an SBC and that of the trunk") {
  const metrics::RunRecord sbc = testing::simulated(
      city({kBypass, {"at: dmz", "at: dmz, pstn-delay: 80 ms, processing: 3 ms"}}));
  CHECK(meanDelayMs(sbc, "alice@hq") == Approx(90).margin(0.001));
  const metrics::RunRecord trunk = testing::simulated(
      city({{"bob@our-sbc", "bob@pstn"}, {"[westeurope]", "[westeurope], pstn-delay: 80 ms"}}));
  CHECK(meanDelayMs(trunk, "alice@hq") == Approx(87).margin(0.001));
}

TEST_CASE("a telephone hears G.711 on the narrowband scale, whole where nothing is lost") {
  // ITU-T G.107 with its defaults: R 93.2, 4.41. With 50 ms from mouth to ear the delay takes
  // nothing that shows.
  const metrics::RunRecord record = testing::simulated(city({kBypass}));
  CHECK(record.streams.at(0).mosScale == "narrowband");
  CHECK(record.streams.at(0).totals[metrics::MetricId::audio_mos] == Approx(4.41).margin(0.01));
}

TEST_CASE("the media processor of a call by an SBC is near the SBC, else near who calls") {
  const std::vector<std::pair<std::string, std::string>> far{
      {"dmz:\n      location: amsterdam", "dmz:\n      location: dublin"},
      {"[westeurope]", "[westeurope, northeurope]"}};
  const auto regionOf = [](const topology::Scenario& scenario) {
    const topology::Case& one = scenario.cases.front();
    const topology::NetworkGraph graph(one.topology, one.calls);
    return graph.element(graph.mediaProcessor(one.calls.front()).value()).site;
  };
  CHECK(regionOf(city(far)) == "northeurope");
  auto trunk = far;
  trunk.emplace_back("alice@hq, bob@our-sbc", "bob@pstn, alice@hq");
  CHECK(regionOf(city(trunk)) == "westeurope");
}

TEST_CASE("an office with TCP 443 only reaches an SBC by a relay, also with media bypass") {
  const explain::CallPlan plan = planOf(city(
      {kBypass, {"nat: {}", "nat: {}, rules: [{allow: tcp, to: any, ports: 443}, {deny: any}]"}}));
  REQUIRE(plan.paths.size() == 2);
  CHECK(plan.paths[0].kind == topology::PathKind::relayTcp);
  // To the relay, from it to the SBC, to the telephone.
  CHECK(plan.paths[0].legs.size() == 3);
}

TEST_CASE("an SBC behind a NAT sends to a media processor, and nobody reaches it for the bypass") {
  const std::pair<std::string, std::string> hidden{"dmz-wall: {kind: firewall, ",
                                                   "dmz-wall: {kind: firewall, nat: {}, "};
  const std::pair<std::string, std::string> addresses{"198.51.100.0/28", "10.9.0.0/28"};
  const metrics::RunRecord record = testing::simulated(city({hidden, addresses}));
  REQUIRE(record.failedCalls.empty());
  CHECK(meanDelayMs(record, "bob@our-sbc") == Approx(26).margin(0.001));
  CHECK(meanDelayMs(record, "alice@hq") == Approx(26).margin(0.001));
  const explain::CallPlan plan = planOf(city({kBypass, hidden, addresses}));
  CHECK(plan.paths.empty());
  REQUIRE(plan.failures.size() == 1);
  CHECK(plan.failures[0].code == 410);
  CHECK(plan.failures[0].attempts.size() == 3);  // direct, over UDP and over TCP to a relay
}

TEST_CASE("an SBC's firewall that lets no media in is named") {
  const topology::Scenario scenario = city({kBypass, {"ports: 16384-32767", "ports: 5061"}});
  const topology::Case& one = scenario.cases.front();
  const topology::NetworkGraph graph(one.topology, one.calls);
  const explain::CallPlan plan = explain::planCall(graph, one.topology, one.calls.front());
  REQUIRE(plan.failures.size() == 1);
  const std::string text = explain::words(graph, plan.failures[0].attempts.front());
  INFO(text);
  CHECK(text.find("alice@hq does not reach the SBC our-sbc over UDP, as dmz-wall refuses") == 0);
}

}  // namespace callflow
