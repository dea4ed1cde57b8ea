// Clients with two accesses: which interface media takes, and what becomes of a call when one is
// lost. By libwebrtc's rules a pair stops receiving 2.5 s after the last that came on it; the
// client then checks the best pair of each interface each 48 ms, and moves when one is answered.
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "src/sim/quiet_ice.h"
#include "tests/support/scenarios.h"
#include "tests/support/show_units.h"

namespace callflow {
namespace {

// ann has Wi-Fi at home and LTE behind a carrier's NAT. Base delays between her and ben: 10 ms by
// Wi-Fi, 25 ms by LTE, as all are in one place.
std::string scenarioText(const std::string& call, const std::string& events,
                         const std::string& home = "") {
  return "scenario: handover\ntopology:\n  sites:\n"
         "    office: {location: amsterdam, perimeter: [box], uplink: {rate: 100 Mbit/s, delay: 5 "
         "ms}}\n"
         "  remote:\n"
         "    home: {location: amsterdam, nat: router, access: {delay: 0 ms}, uplink: {rate: 100 "
         "Mbit/s, delay: 5 ms}" +
         home +
         "}\n"
         "    lte: {location: amsterdam, access-kind: cellular, nat: carrier, access: {delay: 0 "
         "ms}, uplink: {rate: 20 Mbit/s, delay: 20 ms}}\n"
         "  devices:\n"
         "    box: {kind: nat, preset: linux-masquerade}\n"
         "    router: {kind: nat, preset: linux-masquerade}\n"
         "    carrier: {kind: nat, preset: linux-masquerade}\n"
         "  azure: {regions: [westeurope]}\n"
         "calls:\n  - {name: call, " +
         call + ", start: 0 s, setup: 1 s}\n" + events;
}

constexpr char kTwo[] = "participants: [ann@home+lte, ben@office], duration: 40 s";
constexpr char kLost[] = "events:\n  - {at: 12 s, link: home.access, state: down}\n";
constexpr Duration kChange = Duration::s(12);

sim::IceReport life(const std::string& name, const std::string& call, const std::string& events,
                    const std::string& home = "") {
  const topology::Scenario scenario =
      testing::parsedScenario(name, scenarioText(call, events, home));
  const topology::Case& one = scenario.cases.front();
  return sim::runQuietLife(one, one.calls.front());
}

Duration longestSilence(const sim::SideOutcome& side) {
  Duration longest;
  for (std::size_t i = 1; i < side.seen.media.size(); ++i)
    longest = std::max(longest, side.seen.media[i] - side.seen.media[i - 1]);
  return longest;
}

// Where the pair is that a client has selected at a time.
std::string placeAt(const sim::SideOutcome& side, Duration at) {
  std::string place = "nowhere";
  for (const auto& selection : side.seen.selections) {
    if (selection.at > at) break;
    place = selection.none ? "nowhere" : side.seen.interfaces.at(selection.interface);
  }
  return place;
}

TEST_CASE("a client with two accesses gathers on both and takes Wi-Fi, as it costs less") {
  const sim::IceReport found = life("two-accesses", kTwo, "");
  REQUIRE(found.connected);
  const sim::SideOutcome& ann = found.sides[0];
  REQUIRE(ann.seen.interfaces == std::vector<std::string>{"home", "lte"});
  for (const int interface : {0, 1}) {
    const auto count = [&](ice::CandidateType type) {
      return std::count_if(
          ann.seen.candidates.begin(), ann.seen.candidates.end(), [&](const auto& each) {
            return each.candidate.type == type && each.candidate.interface == interface;
          });
    };
    CHECK(count(ice::CandidateType::host) == 1);
    CHECK(count(ice::CandidateType::serverReflexive) == 1);
  }
  for (const auto& each : ann.seen.candidates) {
    CHECK(each.candidate.networkCost == (each.candidate.interface == 0 ? 10 : 900));
    // The best interface counts 127, the next one less (api/candidate.cc), in the high byte.
    CHECK(((each.candidate.priority >> 16) & 0xff) == 127U - each.candidate.interface);
  }
  CHECK(placeAt(ann, Duration::s(30)) == "home");
}

TEST_CASE("the order in which accesses are written does not matter, their kinds do") {
  const sim::IceReport swapped =
      life("swapped", "participants: [ann@lte+home, ben@office], duration: 10 s", "");
  CHECK(swapped.sides[0].participant == "ann@home");
  CHECK(placeAt(swapped.sides[0], Duration::s(9)) == "home");
  const sim::IceReport wired = life("other-kind",
                                    "participants: [ann@home+lte, ben@office], "
                                    "duration: 10 s",
                                    "", ", access-kind: cellular");
  // Both cost the same: the first that is written.
  CHECK(wired.sides[0].participant == "ann@home");
}

TEST_CASE("a call whose Wi-Fi is lost goes on by LTE after 2.5 s, and stays there") {
  const sim::IceReport found =
      life("walks-out", "participants: [ann@home+lte, ben@office], duration: 60 s",
           std::string(kLost) + "  - {at: 45 s, link: home.access, state: up}\n");
  REQUIRE(found.connected);
  const sim::SideOutcome &ann = found.sides[0], &ben = found.sides[1];
  CHECK(placeAt(ann, kChange) == "home");
  CHECK(placeAt(ann, kChange + Duration::ms(2400)) == "home");
  CHECK(placeAt(ann, kChange + Duration::ms(2800)) == "lte");
  // Its pairs by Wi-Fi were given up when nothing had come on them for 30 s.
  CHECK(placeAt(ann, Duration::s(60)) == "lte");
  for (const sim::SideOutcome* const side : {&ann, &ben}) {
    CHECK(longestSilence(*side) > Duration::ms(2480));
    // Two looks, two checks' round trips of 54 ms each, and the first packet.
    CHECK(longestSilence(*side) < Duration::ms(2900));
    CHECK(side->seen.media.back() > Duration::ms(60900));
    for (const auto& change : side->seen.states) CHECK(change.state != ice::State::disconnected);
  }
  CHECK(ann.seen.restarts.empty());
}

TEST_CASE("a Wi-Fi that is back while its pair is kept is found by that pair's next check") {
  const sim::IceReport found = life(
      "back-in-time", kTwo, std::string(kLost) + "  - {at: 32 s, link: home.access, state: up}\n");
  // A pair in reserve is checked 25 s after its last answer, which was at most 2.5 s before the
  // loss.
  CHECK(placeAt(found.sides[0], Duration::s(34)) == "lte");
  CHECK(placeAt(found.sides[0], Duration::ms(37600)) == "home");
}

TEST_CASE("a client that gathers continually goes back to a Wi-Fi that is back") {
  const sim::IceReport found =
      life("comes-back", std::string(kTwo) + ", gathering: continually",
           std::string(kLost) + "  - {at: 32 s, link: home.access, state: up}\n");
  const sim::SideOutcome& ann = found.sides[0];
  CHECK(placeAt(ann, Duration::s(31)) == "lte");
  CHECK(placeAt(ann, Duration::s(33)) == "home");
  // From new sockets.
  const auto newHosts =
      std::count_if(ann.seen.candidates.begin(), ann.seen.candidates.end(), [](const auto& each) {
        return each.at > Duration::s(32) && each.candidate.type == ice::CandidateType::host &&
               each.candidate.interface == 0;
      });
  CHECK(newHosts == 1);
  CHECK(longestSilence(ann) < Duration::ms(2900));
  CHECK(longestSilence(found.sides[1]) < Duration::ms(2900));
}

TEST_CASE("a client that loses its only access is silent until it is back") {
  const sim::IceReport found =
      life("wifi-alone", "participants: [ann@home, ben@office], duration: 40 s",
           std::string(kLost) + "  - {at: 22 s, link: home.access, state: up}\n");
  const sim::SideOutcome& ann = found.sides[0];
  CHECK(ann.seen.interfaces.empty());
  CHECK(longestSilence(ann) > Duration::s(10));
  CHECK(longestSilence(ann) < Duration::s(12));
  CHECK(ann.seen.media.back() > Duration::ms(40900));
}

TEST_CASE("an access that is down when a call begins is not used") {
  const sim::IceReport found =
      life("begins-without", "participants: [ann@home+lte, ben@office], duration: 10 s",
           "events:\n  - {at: 0 s, link: home.access, state: down}\n");
  REQUIRE(found.connected);
  const sim::SideOutcome& ann = found.sides[0];
  CHECK(placeAt(ann, Duration::s(9)) == "lte");
  for (const auto& each : ann.seen.candidates) CHECK(each.candidate.interface == 1);
}

TEST_CASE("the access of one participant goes down alone") {
  const sim::IceReport found =
      life("one-of-two", "participants: [ann@home+lte, eve@home], duration: 20 s",
           "events:\n  - {at: 12 s, link: \"home.access:ann\", state: down}\n");
  REQUIRE(found.connected);
  CHECK(placeAt(found.sides[0], Duration::s(11)) == "home");
  CHECK(placeAt(found.sides[0], Duration::s(19)) == "lte");
  CHECK(found.sides[1].seen.media.back() > Duration::ms(20900));
}

// Of a whole run: what happened to a participant's connection, in words.
std::vector<std::string> selectionsOf(const metrics::RunRecord& run, const std::string& who) {
  std::vector<std::string> all;
  for (const metrics::CallEvent& each : run.calls.front().events)
    if (each.participant == who && each.kind == metrics::CallEventKind::selected)
      all.push_back(each.detail);
  return all;
}

TEST_CASE("media of a run moves from Wi-Fi to LTE, both ways") {
  const metrics::RunRecord run =
      testing::simulated(testing::parsedScenario("run-walks-out", scenarioText(kTwo, kLost)));
  const auto selections = selectionsOf(run, "ann@home");
  REQUIRE(selections.size() >= 2);
  CHECK(selections.front().find(" at home") != std::string::npos);
  CHECK(selections.back().find(" at lte") != std::string::npos);
  REQUIRE(run.streams.size() == 2);
  for (const metrics::StreamRecord& stream : run.streams) {
    INFO(stream.from);
    const double silence = stream.totals[metrics::MetricId::audio_longest_interruption];
    CHECK(silence > 2.4);
    CHECK(silence < 3.1);
    // The way that most of its media took, 29 s of 40: direct or relayed, but by the carrier.
    std::vector<std::string> nodes;
    for (const metrics::Leg& leg : stream.legs)
      nodes.insert(nodes.end(), leg.nodes.begin(), leg.nodes.end());
    CHECK(std::find(nodes.begin(), nodes.end(), "carrier") != nodes.end());
    CHECK(std::find(nodes.begin(), nodes.end(), "router") == nodes.end());
  }
}

TEST_CASE("a connection to a relay is lost with its access, and ICE restarted at once") {
  const metrics::RunRecord run = testing::simulated(testing::parsedScenario(
      "walks-out-tcp",
      scenarioText(std::string(kTwo) + ", paths: [relay-tcp], relay-only: [ann]", kLost)));
  std::optional<Duration> lost;
  for (const metrics::CallEvent& each : run.calls.front().events)
    if (each.participant == "ann@home" && each.kind == metrics::CallEventKind::lost && !lost)
      lost = each.at;
  REQUIRE(lost);
  CHECK(*lost >= kChange);
  CHECK(*lost < kChange + Duration::ms(10));
  const auto selections = selectionsOf(run, "ann@home");
  REQUIRE(selections.size() >= 2);
  CHECK(selections.back().find(" at lte") != std::string::npos);
  // Gathering with its two steps (62 ms), TCP, TLS, two answers of the relay, a permission and a
  // check, each a round trip of 54 ms by LTE; signaling beside them.
  REQUIRE(run.streams.size() == 2);
  for (const metrics::StreamRecord& stream : run.streams) {
    INFO(stream.from);
    const double silence = stream.totals[metrics::MetricId::audio_longest_interruption];
    // Who is at the other end has a pair that costs less and still counts as receiving, and prunes
    // the new one, for 2.5 s.
    const bool fromAnn = stream.from == "ann@home";
    CHECK(silence > (fromAnn ? 0.3 : 2.4));
    CHECK(silence < (fromAnn ? 1.5 : 3.1));
  }
}

TEST_CASE("participants of group calls move to their other access") {
  const metrics::RunRecord run = testing::simulated(testing::parsedScenario(
      "group-walks-out",
      scenarioText("kind: group, participants: [ann@home+lte, ben@office], duration: 40 s",
                   kLost)));
  const auto selections = selectionsOf(run, "ann@home");
  REQUIRE(selections.size() >= 2);
  CHECK(selections.back().find(" at lte") != std::string::npos);
  REQUIRE(run.streams.size() == 2);
  for (const metrics::StreamRecord& stream : run.streams) {
    CHECK(stream.totals[metrics::MetricId::audio_longest_interruption] > 2.4);
    CHECK(stream.totals[metrics::MetricId::audio_longest_interruption] < 3.1);
  }
}

TEST_CASE("the shipped scenario says what each client does") {
  const topology::Scenario scenario =
      testing::loadedScenario(CALLFLOW_SOURCE_DIR "/scenarios/handover.yaml");
  struct Bounds {
    double least, most;
  };
  const std::map<std::string, Bounds> bounds{{"gathers-once", {2.4, 3.5}},
                                             {"gathers-continually", {2.4, 3.5}},
                                             {"over-tcp", {0.3, 3.5}},
                                             {"wifi-alone", {38, 45}}};
  REQUIRE(scenario.cases.size() == bounds.size());
  for (const topology::Case& one : scenario.cases) {
    INFO(one.variant);
    const metrics::RunRecord run = sim::simulate(one, testing::optionsOf(scenario));
    CHECK(run.failedCalls.empty());
    CHECK(run.streams.size() == 2);
    for (const metrics::StreamRecord& stream : run.streams) {
      INFO(stream.from);
      const double silence = stream.totals[metrics::MetricId::audio_longest_interruption];
      CHECK(silence >= bounds.at(one.variant).least);
      CHECK(silence <= bounds.at(one.variant).most);
    }
    const auto selections = selectionsOf(run, "ann@home");
    REQUIRE_FALSE(selections.empty());
    for (const std::string& each : selections) UNSCOPED_INFO(each);
    const bool backHome = selections.back().find(" at home") != std::string::npos;
    if (one.variant != "wifi-alone") CHECK(backHome == (one.variant == "gathers-continually"));
  }
}

}  // namespace
}  // namespace callflow
