// What relays give out, and what they pass on.
#include <catch2/catch.hpp>

#include "src/explain/plan.h"
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

namespace {

// Two offices in different regions, which reach each other straight.
constexpr const char* kOffices = R"(scenario: offices
topology:
  sites:
    paris: {location: paris, perimeter: [paris-nat], uplink: {}}
    dublin: {location: dublin, perimeter: [dublin-nat], uplink: {}}
  devices: {paris-nat: {kind: nat}, dublin-nat: {kind: nat}}
  azure: {regions: [francecentral, northeurope, westeurope]OFF}
calls:
  - {name: talk, participants: [ann@paris, bob@dublin], duration: 3 s, RELAY}
runs: 1
)";

struct Planned {
  topology::Scenario scenario;
  topology::NetworkGraph graph;
  explain::CallPlan plan;

  Planned(const std::string& relay, const std::string& off = {}, const std::string& paths = {})
      : scenario(testing::parsedScenario("offices", written(relay, off, paths))),
        graph(scenario.cases.front().topology, scenario.cases.front().calls),
        plan(explain::planCall(graph, scenario.cases.front().topology,
                               scenario.cases.front().calls.front())) {}

  static std::string written(const std::string& relay, const std::string& off,
                             const std::string& paths) {
    std::string text = kOffices;
    const auto put = [&](const std::string& what, const std::string& by) {
      text.replace(text.find(what), what.size(), by);
    };
    put("OFF", off);
    put("RELAY", "relay-only: " + relay + paths);
    return text;
  }
  // "ann@paris azure:francecentral/relay bob@dublin"
  std::string way() const {
    std::string text;
    for (const explain::Leg& leg : plan.paths.at(0).legs)
      text += graph.element(leg.from).name + " ";
    return text + graph.element(plan.paths.at(0).legs.back().to).name;
  }
};

}  // namespace

TEST_CASE("a client whose policy is relay takes its own relay, and two of them two") {
  CHECK(Planned("[]").way() == "ann@paris bob@dublin");
  CHECK(Planned("[ann]").way() == "ann@paris azure:francecentral/relay bob@dublin");
  CHECK(Planned("[bob]").way() == "ann@paris azure:northeurope/relay bob@dublin");
  const Planned both("[ann, bob]");
  CHECK(both.way() == "ann@paris azure:francecentral/relay azure:northeurope/relay bob@dublin");
  REQUIRE(both.plan.paths[0].attempts.size() == 2);
  CHECK(explain::words(both.graph, both.plan.paths[0].attempts[0]) ==
        "ann@paris uses its relay only; bob@dublin uses its relay only");
}

TEST_CASE("a client whose policy is relay has no way where relays are not allowed") {
  const Planned planned("[ann]", "", ", paths: [direct]");
  CHECK(planned.plan.paths.empty());
  CHECK(planned.plan.failures.size() == 1);
}

TEST_CASE("where a region's relays are off the next ones are used") {
  CHECK(Planned("[ann, bob]", ", relays-off: [francecentral]").way() ==
        "ann@paris azure:westeurope/relay azure:northeurope/relay bob@dublin");
  // Both at one: it hands over inside.
  CHECK(Planned("[ann, bob]", ", relays-off: [francecentral, northeurope]").way() ==
        "ann@paris azure:westeurope/relay bob@dublin");
  const Planned none("[ann]", ", relays-off: [francecentral, northeurope, westeurope]");
  CHECK(none.plan.paths.empty());
}

TEST_CASE("of all regions those with relays that are nearest are kept") {
  std::string text = Planned::written("[ann]", ", relays-off: [francecentral]", "");
  const std::string regions = "regions: [francecentral, northeurope, westeurope], ";
  text.replace(text.find(regions), regions.size(), "");
  const topology::Scenario scenario = testing::parsedScenario("offices", text);
  const topology::Case& one = scenario.cases.front();
  const topology::NetworkGraph graph(one.topology, one.calls);
  const auto relay = graph.relay(graph.find("ann@paris").value());
  REQUIRE(relay.has_value());
  CHECK(graph.element(*relay).site != "francecentral");
  CHECK(graph.find("azure:francecentral/media-processor").has_value());
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
  // 28; on one of the two legs with a TURN channel's header of 4. Receiver reports, and what sets
  // the way up and keeps it, come on top: some hundred messages of 100 to 200 B.
  const std::int64_t media = 500 * (230 + 226);
  CHECK(record.relays[0].packets >= 1000);
  CHECK(record.relays[0].bytes.count() >= media);
  CHECK(record.relays[0].bytes.count() < media * 108 / 100);
}

}  // namespace callflow
