// What becomes of a call when its network changes, by the packets of its clients' agents: libwebrtc
// says disconnected 5 s after the first check without an answer, which leaves at most 2.5 s after
// the change.
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

#include "src/sim/quiet_ice.h"
#include "tests/support/scenarios.h"
#include "tests/support/show_units.h"

namespace callflow {
namespace {

constexpr Duration kChange = Duration::s(12);

// Two homes and a relay in the region of both; what happens to ann's.
sim::IceReport life(const std::string& name, const std::string& router, const std::string& events,
                    const std::string& wall = "") {
  const topology::Scenario scenario = testing::parsedScenario(
      name,
      "scenario: life\ntopology:\n  sites:\n    a: {location: amsterdam, perimeter: [" +
          std::string(wall.empty() ? "" : "wall, ") +
          "router], uplink: {rate: 100 Mbit/s, delay: 5 ms}}\n"
          "    b: {location: amsterdam, perimeter: [box], uplink: {rate: 100 Mbit/s, delay: 5 "
          "ms}}\n  devices:\n    router: {kind: nat, preset: linux-masquerade" +
          router + "}\n    box: {kind: nat, preset: linux-masquerade}\n" + wall +
          "  azure: {regions: [westeurope]}\n"
          "calls:\n  - {name: call, participants: [ann@a, ben@b], duration: 45 s}\n" +
          events);
  const topology::Case& one = scenario.cases.front();
  return sim::runQuietLife(one, one.calls.front());
}

std::optional<Duration> firstOf(const sim::SideOutcome& side, ice::State state) {
  for (const auto& change : side.seen.states)
    if (change.state == state) return change.at;
  return std::nullopt;
}

Duration longestSilence(const sim::SideOutcome& side) {
  Duration longest;
  for (std::size_t i = 1; i < side.seen.media.size(); ++i)
    longest = std::max(longest, side.seen.media[i] - side.seen.media[i - 1]);
  return longest;
}

bool heardInTheEnd(const sim::SideOutcome& side) {
  return !side.seen.media.empty() && side.seen.media.back() > Duration::s(44);
}

TEST_CASE("a line that is down for 3 s costs 3 s of silence and nothing else") {
  const sim::IceReport found = life("outage", "",
                                    "events:\n  - {at: 12 s, link: a.uplink, state: down}\n"
                                    "  - {at: 15 s, link: a.uplink, state: up}\n");
  for (const sim::SideOutcome& side : found.sides) {
    CHECK_FALSE(firstOf(side, ice::State::disconnected));
    CHECK(side.seen.selections.back().at < kChange);
    CHECK(longestSilence(side) >= Duration::s(3));
    CHECK(longestSilence(side) <= Duration::ms(3100));
    CHECK(heardInTheEnd(side));
  }
}

TEST_CASE("8 s are told as disconnected, and mended when the line is back") {
  const sim::IceReport found = life("long-outage", "",
                                    "events:\n  - {at: 12 s, link: a.uplink, state: down}\n"
                                    "  - {at: 20 s, link: a.uplink, state: up}\n");
  const sim::SideOutcome& ann = found.sides[0];
  REQUIRE(firstOf(ann, ice::State::disconnected));
  CHECK(*firstOf(ann, ice::State::disconnected) > kChange + Duration::s(5));
  CHECK(*firstOf(ann, ice::State::disconnected) < kChange + Duration::ms(7600));
  CHECK(longestSilence(ann) >= Duration::s(8));
  CHECK(longestSilence(ann) < Duration::ms(9500));
  CHECK(heardInTheEnd(ann));
}

TEST_CASE("a NAT that forgets and maps anew silences a call until ICE is restarted") {
  const sim::IceReport found = life("rebind", ", on-collision: next, ports: random",
                                    "events:\n  - {at: 12 s, device: router, forget: true}\n");
  const sim::SideOutcome& ann = found.sides[0];
  REQUIRE(firstOf(ann, ice::State::disconnected));
  const Duration lost = *firstOf(ann, ice::State::disconnected);
  CHECK(lost > kChange + Duration::s(5));
  CHECK(lost < kChange + Duration::ms(7600));
  // The restart itself: an offer, an answer, a STUN server's answer, a check.
  for (const sim::SideOutcome& side : found.sides) {
    CHECK(longestSilence(side) > lost - kChange - Duration::ms(100));
    CHECK(longestSilence(side) < lost - kChange + Duration::s(1));
    CHECK(heardInTheEnd(side));
    CHECK(side.seen.selections.size() >= 2);
  }
}

TEST_CASE("a firewall that shuts UDP in mid-call moves the call to TCP by a restart") {
  const sim::IceReport found = life(
      "to-tcp", "", "",
      "    wall: {kind: firewall, default-in: allow, rules: [{deny: udp, since: 12 s}, {deny: udp, "
      "direction: in, since: 12 s}]}\n");
  const sim::SideOutcome& ann = found.sides[0];
  REQUIRE_FALSE(ann.seen.selections.empty());
  CHECK_FALSE(ann.seen.selections.front().relay.has_value());
  const auto& last = ann.seen.selections.back();
  REQUIRE(last.relay.has_value());
  CHECK(*last.relay != ice::RelayProtocol::udp);
  CHECK(heardInTheEnd(ann));
  CHECK(heardInTheEnd(found.sides[1]));
}

TEST_CASE("what never comes back stays silent: disconnected, restarted, failed") {
  const sim::IceReport found =
      life("gone", "", "events:\n  - {at: 12 s, link: a.uplink, state: down}\n");
  for (const sim::SideOutcome& side : found.sides) {
    REQUIRE_FALSE(side.seen.media.empty());
    CHECK(side.seen.media.back() < kChange + Duration::ms(100));
    REQUIRE(firstOf(side, ice::State::failed));
    // The new generation's checks are given up 15 s after they began.
    CHECK(*firstOf(side, ice::State::failed) > kChange + Duration::s(15));
  }
}

}  // namespace
}  // namespace callflow
