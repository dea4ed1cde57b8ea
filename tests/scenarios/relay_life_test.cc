// Relays that die, that are full, and that are reached by another port.
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "src/explain/plan.h"
#include "tests/support/scenarios.h"
#include "tests/support/show_units.h"

namespace callflow {
namespace {

using metrics::CallEventKind;

std::string two(const std::string& servers, const std::string& azure, const std::string& calls) {
  return R"(scenario: relays
topology:
  sites:
    dc: {location: dublin, uplink: {}}
    overseas: {location: newark, uplink: {}}
  remote:
    home: {location: dublin, nat: home-router}
    peer: {location: manchester, nat: peer-router}
  devices: {home-router: {kind: nat}, peer-router: {kind: nat}}
)" + (servers.empty() ? "" : "  servers: {" + servers + "}\n") +
         (azure.empty() ? "" : "  azure: {" + azure + "}\n") + calls + "runs: 1\n";
}

std::optional<Duration> firstOf(const metrics::CallRecord& call, const std::string& who,
                                CallEventKind kind, Duration from = {}) {
  for (const metrics::CallEvent& each : call.events)
    if (each.participant == who && each.kind == kind && each.at >= from) return each.at;
  return std::nullopt;
}

bool has(const metrics::CallRecord& call, CallEventKind kind, const std::string& words) {
  return std::any_of(call.events.begin(), call.events.end(), [&](const metrics::CallEvent& each) {
    return each.kind == kind && each.detail.find(words) != std::string::npos;
  });
}

constexpr Duration kDeath = Duration::s(20);

std::string dying(const std::string& regions, const std::string& more = {}) {
  return two("", "regions: [" + regions + "]",
             "calls: [{name: talk, participants: [ann@home, ben@peer], paths: [relay-udp], "
             "duration: 45 s, start: 0 s}]\n"
             "events: [{at: 20 s, server: northeurope, state: down}" +
                 more + "]\n");
}

}  // namespace

TEST_CASE("a relay that dies is noticed by its clients, who restart ICE towards another") {
  const auto scenario = testing::parsedScenario("dies", dying("northeurope, westeurope"));
  const topology::NetworkGraph graph(scenario.cases.front().topology, scenario.cases.front().calls);
  const auto addressOf = [&](const std::string& region) {
    return wire::toText(
        wire::Ipv4{graph.element(graph.find("azure:" + region + "/relay").value()).address});
  };
  const metrics::RunRecord record = testing::simulated(scenario);
  const metrics::CallRecord& call = record.calls.at(0);
  const auto lost = firstOf(call, "ann@home", CallEventKind::disconnected);
  REQUIRE(lost);
  // 5 s after the first check without an answer, which leaves at most 2.5 s after the last that had
  // one; and round trips below 100 ms.
  CHECK(*lost > kDeath + Duration::s(5) - Duration::ms(100));
  CHECK(*lost < kDeath + Duration::ms(7600));
  const auto restarted = firstOf(call, "ann@home", CallEventKind::restart);
  REQUIRE(restarted);
  CHECK(*restarted >= *lost);
  CHECK(*restarted < *lost + Duration::ms(10));
  for (const metrics::CallEvent& each : call.events) {
    if (each.kind != CallEventKind::selected) continue;
    INFO(each.detail);
    CHECK(each.detail.find(addressOf(each.at < kDeath ? "northeurope" : "westeurope")) !=
          std::string::npos);
  }
  const auto again = firstOf(call, "ann@home", CallEventKind::selected, kDeath);
  REQUIRE(again);
  CHECK(*again < *restarted + Duration::s(2));
  for (const metrics::StreamRecord& stream : record.streams) {
    const double silence = stream.totals[metrics::MetricId::audio_longest_interruption];
    CHECK(silence > 5.0 - 0.1);
    CHECK(silence < 7.6 + 2.0);
  }
}

TEST_CASE("where there is no other relay consent runs out, and nothing is heard again") {
  const metrics::RunRecord record =
      testing::simulated(testing::parsedScenario("dies-alone", dying("northeurope")));
  const metrics::CallRecord& call = record.calls.at(0);
  const auto lost = firstOf(call, "ann@home", CallEventKind::disconnected);
  REQUIRE(lost);
  CHECK(*lost < kDeath + Duration::ms(7600));
  const auto gone = firstOf(call, "ann@home", CallEventKind::lost);
  REQUIRE(gone);
  // RFC 7675 5.1: at most 30 s after the last answer; libwebrtc gives up 15 s after the first check
  // without one.
  CHECK(*gone > kDeath + Duration::s(15) - Duration::ms(100));
  CHECK(*gone < kDeath + Duration::ms(17600));
  CHECK_FALSE(firstOf(call, "ann@home", CallEventKind::selected, kDeath));
}

TEST_CASE("a relay that is back at once has forgotten its allocations") {
  const metrics::RunRecord record = testing::simulated(testing::parsedScenario(
      "back", dying("northeurope", ", {at: 20500 ms, server: northeurope, state: up}")));
  const metrics::CallRecord& call = record.calls.at(0);
  // As if it were dead: but the restart finds it.
  const auto lost = firstOf(call, "ann@home", CallEventKind::disconnected);
  REQUIRE(lost);
  CHECK(*lost > kDeath + Duration::s(5) - Duration::ms(100));
  const auto again = firstOf(call, "ann@home", CallEventKind::selected, kDeath);
  REQUIRE(again);
  CHECK(*again < *lost + Duration::s(2));
  CHECK(*again > *lost);
}

namespace {

// Two calls, the second while the first has two allocations of `ours`.
std::string crowded(const std::string& more, const std::string& relays,
                    const std::string& start = "5 s", const std::string& more2 = "") {
  return two(
      "ours: {kind: relay, at: dc, " + more + "}, far: {kind: relay, at: overseas" + more2 + "}",
      "",
      "calls:\n  - {name: first, participants: [ann@home, ben@peer], relays: [ours], paths: "
      "[relay-udp], duration: 12 s, start: 0 s}\n  - {name: second, participants: "
      "[cat@home, dan@peer], relays: [" +
          relays + "], paths: [relay-udp], duration: 4 s, start: " + start + "}\n");
}

struct Crowd {
  topology::Scenario scenario;
  topology::NetworkGraph graph;
  std::vector<explain::CallPlan> plans;
  metrics::RunRecord record;

  explicit Crowd(const std::string& text)
      : scenario(testing::parsedScenario("crowd", text)),
        graph(scenario.cases.front().topology, scenario.cases.front().calls),
        plans(explain::planCalls(graph, scenario.cases.front().topology,
                                 scenario.cases.front().calls)),
        record(testing::simulated(scenario)) {}

  // Of the second call, if it has a path.
  std::string relay() const {
    return plans.at(1).paths.empty() ? "" : graph.element(plans[1].paths[0].legs.at(0).to).name;
  }
  std::string why() const {
    const auto& attempts =
        plans.at(1).paths.empty() ? plans[1].failures.at(0).attempts : plans[1].paths[0].attempts;
    return explain::words(graph, attempts.at(0));
  }
  std::string addressOf(const std::string& name) const {
    return wire::toText(wire::Ipv4{graph.element(graph.find(name).value()).address});
  }
};

}  // namespace

TEST_CASE("a relay with two allocations refuses the second call, and both plan and record say so") {
  const Crowd crowd(crowded("allocations: 2", "ours"));
  CHECK(crowd.plans[0].failures.empty());
  REQUIRE(crowd.plans[1].failures.size() == 1);
  const std::string why = "the relay ours has given out all of its 2 allocations (486)";
  CHECK(crowd.why() == "cat@home does not reach the relay ours over UDP 3478, as " + why +
                           "; dan@peer does not reach the relay ours over UDP 3478, as " + why);
  REQUIRE(crowd.record.failedCalls.size() == 1);
  CHECK(crowd.record.failedCalls[0].call == "second");
  REQUIRE_FALSE(crowd.record.failedCalls[0].reasons.empty());
  CHECK(crowd.record.failedCalls[0].reasons[0].find(why) != std::string::npos);
  CHECK(has(crowd.record.calls.at(1), CallEventKind::relayRefused,
            "486 by " + crowd.addressOf("ours") + ":3478 udp"));
  CHECK_FALSE(has(crowd.record.calls.at(0), CallEventKind::relayRefused, ""));
}

TEST_CASE("what a call has taken is there again when it is over") {
  const Crowd crowd(crowded("allocations: 2", "ours", "20 s"));
  CHECK(crowd.relay() == "ours");
  CHECK(crowd.record.failedCalls.empty());
}

TEST_CASE("a relay whose ports are given out answers 508") {
  const Crowd crowd(crowded("ports: 50000-50001", "ours"));
  CHECK(crowd.why().find("the relay ours has no port left to give out (508)") != std::string::npos);
  CHECK(has(crowd.record.calls.at(1), CallEventKind::relayRefused, "508 by "));
  REQUIRE(crowd.record.failedCalls.size() == 1);
}

TEST_CASE("a client whose relay is full asks the next that it knows") {
  const Crowd crowd(crowded("allocations: 2", "ours, far"));
  CHECK(crowd.relay() == "far");
  CHECK(crowd.why() ==
        "cat@home reaches the relay far over UDP 3478, as the relay ours has given out all of its "
        "2 allocations (486), and dan@peer reaches over UDP the port that the relay gives out");
  CHECK(crowd.record.failedCalls.empty());
  CHECK(has(crowd.record.calls.at(1), CallEventKind::relayRefused, "486 by "));
  CHECK(has(crowd.record.calls.at(1), CallEventKind::selected, crowd.addressOf("far")));
}

TEST_CASE("a full relay sends clients on to another that they do not know") {
  const Crowd crowd(crowded("allocations: 2, alternate: far", "ours"));
  CHECK(crowd.relay() == "far");
  CHECK(crowd.record.failedCalls.empty());
  CHECK(has(crowd.record.calls.at(1), CallEventKind::relayRefused,
            "300 by " + crowd.addressOf("ours")));
  CHECK(has(crowd.record.calls.at(1), CallEventKind::selected, crowd.addressOf("far")));
}

TEST_CASE("over TCP a full relay sends clients on as well") {
  std::string text = crowded("allocations: 2, alternate: far", "ours");
  for (auto at = text.find("relay-udp"); at != std::string::npos; at = text.find("relay-udp"))
    text.replace(at, 9, "relay-tcp");
  const Crowd crowd(text);
  CHECK(crowd.record.failedCalls.empty());
  CHECK(has(crowd.record.calls.at(1), CallEventKind::relayRefused, "300 by "));
  CHECK(has(crowd.record.calls.at(1), CallEventKind::selected, crowd.addressOf("far")));
}

namespace {

// Which path a call by this UDP port takes through a wall that leaves these open: in a run, and by
// the plan.
std::array<std::string, 2> pathThrough(const std::string& open, const std::string& port) {
  const topology::Scenario scenario =
      testing::parsedScenario("ports", R"(scenario: ports
topology:
  sites:
    hq: {location: amsterdam, perimeter: [wall], uplink: {}}
  remote:
    home: {location: amsterdam, nat: home-router}
  devices:
    wall: {kind: firewall, nat: {}, rules: [{allow: udp, to: azure, ports: )" +
                                           open +
                                           R"(}, {allow: tcp, ports: 443}, {deny: any}]}
    home-router: {kind: nat}
  azure: {regions: [westeurope]}
calls:
  - {name: talk, participants: [ann@hq, ben@home], paths: [relay-udp, relay-tcp], relay-only: [ann], relay-port: )" +
                                           port +
                                           R"(, duration: 3 s}
runs: 1
)");
  const topology::Case& one = scenario.cases.front();
  const topology::NetworkGraph graph(one.topology, one.calls);
  const explain::CallPlan plan = explain::planCall(graph, one.topology, one.calls.front());
  const metrics::RunRecord record = testing::simulated(scenario);
  REQUIRE(record.streams.size() == 2);
  REQUIRE(plan.paths.size() == 2);
  return {record.streams[0].path, std::string(topology::name(plan.paths[0].kind))};
}

}  // namespace

TEST_CASE("a firewall that opens UDP 3478 alone shuts out calls whose clients use 3479") {
  using Paths = std::array<std::string, 2>;
  CHECK(pathThrough("3478", "3478") == Paths{"relay-udp", "relay-udp"});
  CHECK(pathThrough("3478", "3479") == Paths{"relay-tcp", "relay-tcp"});
  CHECK(pathThrough("3478-3481", "3479") == Paths{"relay-udp", "relay-udp"});
  CHECK(pathThrough("3478-3481", "3481") == Paths{"relay-udp", "relay-udp"});
}

namespace {

// ann's relay it is that media goes by; her router takes ports at random, and forgets these
// protocols each second for twenty.
metrics::RunRecord losing(const std::string& what, const std::string& paths, std::uint64_t seed) {
  std::string events = "events:\n";
  for (int second = 20; second < 40; ++second)
    events +=
        "  - {at: " + std::to_string(second) + " s, device: home-router, forget: " + what + "}\n";
  const std::string text =
      two("", "regions: [northeurope]",
          "change: {devices.home-router.ports: random}\n"
          "calls: [{name: talk, participants: [ann@home, ben@peer], paths: [" +
              paths + "], relay-only: [ann], duration: 60 s, start: 0 s}]\n" + events);
  topology::Scenario scenario = testing::parsedScenario("losing", text);
  scenario.seed = seed;
  return testing::simulated(scenario);
}

double longestSilence(const metrics::RunRecord& record) {
  double longest = 0;
  for (const metrics::StreamRecord& stream : record.streams)
    longest =
        std::max(longest, double{stream.totals[metrics::MetricId::audio_longest_interruption]});
  return longest;
}

}  // namespace

TEST_CASE("a NAT that keeps losing UDP moves a call to its relay over TCP, where it stays") {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    INFO("seed " << seed);
    const metrics::RunRecord record = losing("udp", "relay-udp, relay-tcp", seed);
    const metrics::CallRecord& call = record.calls.at(0);
    const metrics::CallEvent* before = nullptr;
    const metrics::CallEvent* last = nullptr;
    for (const metrics::CallEvent& each : call.events) {
      if (each.participant != "ann@home" || each.kind != CallEventKind::selected) continue;
      INFO(each.detail);
      last = &each;
      if (each.at < kDeath) before = &each;
      // 7.6 s until a restart, one until that is done and one until the next loss; 2.5 s until the
      // new pair counts as silent, and round trips.
      if (each.at > kDeath + Duration::s(13))
        CHECK(each.detail.find("by tcp") != std::string::npos);
    }
    REQUIRE(before != nullptr);
    CHECK(before->detail.find("by udp") != std::string::npos);
    CHECK(last->at > kDeath + Duration::ms(2400));
    CHECK(last->detail.find("by tcp") != std::string::npos);
    CHECK(longestSilence(record) > 2.4);
    CHECK(longestSilence(record) < 8.6);
  }
}

TEST_CASE("what a NAT forgets of one protocol harms no call over the other") {
  CHECK(longestSilence(losing("tcp", "relay-udp", 1)) < 0.2);
  CHECK(longestSilence(losing("udp", "relay-tcp", 1)) < 0.2);
  // Disconnected 5 s after the first check without an answer, and again while losses go on.
  CHECK(longestSilence(losing("udp", "relay-udp", 1)) > 4.9);
  CHECK(longestSilence(losing("tcp", "relay-tcp", 1)) > 4.9);
  CHECK(longestSilence(losing("true", "relay-udp, relay-tcp", 1)) > 4.9);
}

TEST_CASE(
    "relays that events and others name must be there, and devices have something to forget") {
  const auto faults = [](const std::string& alternate, const std::string& event) {
    return testing::faultsOf(
        "named", two("ours: {kind: relay, at: dc" + alternate + "}, sink: {kind: sbc, at: dc}",
                     "regions: [northeurope, westeurope], relays-off: [westeurope]",
                     "calls: [{name: talk, participants: [ann@home, ben@peer], relays: [ours], "
                     "duration: 9 s}]\nevents: [{at: 2 s, " +
                         event + "}]\n"));
  };
  const auto says = [](const std::string& text, const std::string& words) {
    INFO(text);
    return text.find(words) != std::string::npos;
  };
  const std::string down = "server: ours, state: down";
  CHECK_FALSE(says(faults("", down), ": error:"));
  CHECK_FALSE(says(faults("", "server: northeurope, state: up"), ": error:"));
  CHECK(says(faults("", "server: hours, state: down"), "there is no relay \"hours\""));
  CHECK(says(faults("", "server: sink, state: down"), "\"sink\" is no relay"));
  CHECK(says(faults("", "server: westeurope, state: down"),
             "the relays of \"westeurope\" are off (azure.relays-off)"));
  CHECK(says(faults("", "server: ours"), "changes nothing; write state: down"));
  CHECK(says(faults("", "server: ours, rate: 1 Mbit/s"), "changes a link at a server"));
  CHECK(says(faults("", "server: ours, forget: true"), "has no effect on a server"));
  CHECK(says(faults("", "server: ours, up: {state: down}"), "changes one direction of a server"));
  CHECK(says(faults("", "server: ours, device: home-router, state: down"),
             "names more than one of a link, a device and a server"));
  CHECK(says(faults(", alternate: ours", down), "\"ours\" would send its clients to itself"));
  CHECK(says(faults(", alternate: sink", down), "\"sink\" is no relay"));
  CHECK_FALSE(says(faults(", alternate: northeurope", down), ": error:"));
  // What a device may forget.
  for (const char* const what : {"true", "false, link: home.uplink, delay: 3 ms", "udp", "tcp"}) {
    INFO(what);
    const bool link = std::string(what).find("link") != std::string::npos;
    const std::string of = link ? "" : "device: home-router, ";
    CHECK_FALSE(says(faults("", of + "forget: " + what), ": error:"));
  }
  CHECK(says(faults("", "device: home-router, forget: any"),
             "events[0].forget: \"any\" is not true, false, udp or tcp; write one of these"));
  CHECK(says(faults("", "device: home-router, forget: yes"),
             "\"yes\" is not true or false; write true"));
  CHECK(says(faults("", "device: home-router, forget: false"),
             "changes nothing; write forget: true, udp or tcp"));
  CHECK(says(faults("", "link: home.uplink, forget: udp"), "has no effect on a link"));
}

}  // namespace callflow
