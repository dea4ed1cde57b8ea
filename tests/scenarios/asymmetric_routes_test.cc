// Answers of Azure that come back by another line than the packets went out: which way they take,
// what drops them, and what becomes of a call when that begins in its midst.
#include <catch2/catch.hpp>
#include <string>

#include "src/explain/plan.h"
#include "src/network/reach.h"
#include "src/sim/quiet_ice.h"
#include "tests/support/scenarios.h"
#include "tests/support/show_units.h"

namespace callflow {
namespace {

using Catch::Contains;

// All is in Amsterdam, where the Internet takes 3 ms. `line 5` has the office.
std::string office(const std::string& site, const std::string& calls,
                   const std::string& devices = "") {
  return "scenario: office\n"
         "topology:\n"
         "  internet: {minimum-delay: 3 ms, jitter: 0 ms, loss: 0%}\n"
         "  sites:\n"
         "    hq: {location: amsterdam, " +
         site +
         "}\n"
         "    peer: {location: amsterdam, subnets: [198.51.100.0/24]}\n"
         "  devices: {" +
         devices +
         "}\n"
         "  azure: {regions: [westeurope], edges: [amsterdam]}\n"
         "calls:\n" +
         calls;
}

constexpr char kMeeting[] =
    "  - {name: meeting, kind: group, participants: [ann@hq, ben@peer], duration: 40 s, start: 0 "
    "s}\n";
// Public addresses, so that nothing translates; both lines carry 1 Gbit/s.
constexpr char kPublic[] =
    "subnets: [203.0.113.0/24], uplink: {rate: 1 Gbit/s, delay: 10 ms}, peering: {at: amsterdam, "
    "rate: 1 Gbit/s, delay: 2 ms";

// Of ann and the media processor.
sim::IceReport answered(const std::string& text) {
  const topology::Scenario scenario = testing::parsedScenario("asymmetric", text);
  const topology::Case& one = scenario.cases.front();
  const auto report = sim::runQuietIce(one, one.calls.front(), 0);
  REQUIRE(report);
  return *report;
}

const sim::PairOutcome& firstHost(const sim::IceReport& report) {
  for (const sim::PairOutcome& pair : report.sides[0].pairs)
    if (pair.local.type == ice::CandidateType::host) return pair;
  FAIL("no pair of a host candidate");
  throw std::logic_error("unreachable");
}

// Distances and rates are rounded to nanoseconds.
bool near(Duration a, Duration b) {
  return a - b < Duration::us(1) && b - a < Duration::us(1);
}

Duration roundTrip(const std::string& text) {
  const sim::PairOutcome pair = firstHost(answered(text));
  REQUIRE(pair.roundTrip);
  return *pair.roundTrip;
}

// The only box that drops anything in a run in which ann gets no answer of Azure's.
std::string refusing(const std::string& text, const std::string& reason) {
  CHECK_FALSE(answered(text).connected);
  CHECK(firstHost(answered(text)).answers == 0);
  const metrics::RunRecord record = testing::simulated(testing::parsedScenario("asymmetric", text));
  CHECK(record.failedCalls.size() == 1);
  REQUIRE(record.drops.size() == 1);
  CHECK_THAT(record.drops[0].reason, Contains(reason));
  return record.drops[0].element;
}

}  // namespace

TEST_CASE("an answer takes the other line's time where no box keeps state") {
  const std::string symmetric = office(std::string(kPublic) + "}", kMeeting);
  const std::string back = office(std::string(kPublic) + ", advertises: []}", kMeeting);
  // 3 ms of Internet and 10 ms of uplink in place of 2 ms of peering, one way.
  const Duration usual = roundTrip(symmetric);
  CHECK(near(roundTrip(back) - usual, Duration::ms(11)));
  const std::string routes = "}, routes: [{to: azure, by: uplink}]";
  const std::string byInternet = office(kPublic + routes, kMeeting);
  const std::string out = office(kPublic + (", advertises: [uplink]" + routes), kMeeting);
  CHECK(near(roundTrip(byInternet) - usual, Duration::ms(22)));
  CHECK(near(roundTrip(out) - usual, Duration::ms(11)));
}

TEST_CASE("a firewall that has not seen what is answered drops the answer") {
  const std::string walls = "wall: {kind: firewall}, other: {kind: firewall}";
  const std::string guarded = std::string(kPublic) + ", perimeter: [other]";
  const std::string byUplink = "}, perimeter: [wall], routes: [{to: azure, by: uplink}]";
  const std::string reason = "no rule for inbound packets matches";
  CHECK(answered(office(guarded + "}, perimeter: [wall]", kMeeting, walls)).connected);
  CHECK(refusing(office(guarded + ", advertises: []}, perimeter: [wall]", kMeeting, walls),
                 reason) == "wall");
  CHECK(refusing(office(guarded + ", advertises: [uplink]" + byUplink, kMeeting, walls), reason) ==
        "other");
}

TEST_CASE("a NAT on the way back has no mapping for the other line's address") {
  const std::string nats = "wall: {kind: firewall, nat: {}}, other: {kind: firewall, nat: {}}";
  const std::string line =
      "subnets: [10.1.0.0/16], perimeter: [wall], peering: {at: amsterdam, perimeter: [other]";
  const std::string reason = "no inside endpoint holds this public port";
  CHECK(answered(office(line + "}", kMeeting, nats)).connected);
  CHECK(refusing(office(line + ", advertises: []}", kMeeting, nats), reason) == "wall");
  CHECK(refusing(office(line + ", advertises: [uplink]}, routes: [{to: azure, by: uplink}]",
                        kMeeting, nats),
                 reason) == "other");
}

TEST_CASE("what is planned does not take a way on which answers are dropped") {
  const std::string nats = "wall: {kind: firewall, nat: {}}, other: {kind: firewall, nat: {}}";
  const topology::Scenario scenario = testing::parsedScenario(
      "planned", office("subnets: [10.1.0.0/16], perimeter: [wall], peering: {at: amsterdam, "
                        "perimeter: [other], advertises: []}",
                        kMeeting, nats));
  const topology::Case& one = scenario.cases.front();
  const topology::NetworkGraph graph(one.topology, one.calls);
  const auto plans = explain::planCalls(graph, one.topology, one.calls);
  REQUIRE(plans[0].failures.size() == 1);
  CHECK_THAT(explain::words(graph, plans[0].failures[0].attempts[0]),
             Contains("wall refuses udp") && Contains("no inside endpoint holds this public port"));
}

TEST_CASE("answers that go astray in mid-call silence one side, until they find back") {
  const std::string nats = "wall: {kind: firewall, nat: {}}, other: {kind: firewall, nat: {}}";
  const std::string site =
      "subnets: [10.1.0.0/16], perimeter: [wall], peering: {at: amsterdam, perimeter: [other]}";
  // Both by their relays, as Azure's media alone goes by the peering.
  const std::string call =
      "  - {name: chat, participants: [ann@hq, ben@peer], duration: 40 s, start: 0 s, setup: 1 s, "
      "paths: [relay-udp], relay-only: [ann]}\n";
  const auto life = [&](const std::string& events) {
    const topology::Scenario scenario =
        testing::parsedScenario("astray", office(site, call + events, nats));
    const topology::Case& one = scenario.cases.front();
    const sim::IceReport report = sim::runQuietLife(one, one.calls.front());
    REQUIRE(report.connected);
    return report;
  };
  // When ann hears for the last time, and longest nothing.
  const auto last = [](const sim::IceReport& report) { return report.sides[0].seen.media.back(); };
  const auto silence = [](const sim::IceReport& report) {
    Duration longest;
    const auto& media = report.sides[0].seen.media;
    for (std::size_t i = 1; i < media.size(); ++i)
      longest = std::max(longest, media[i] - media[i - 1]);
    return longest;
  };
  CHECK(silence(life("")) < Duration::ms(100));
  const std::string gone = "events:\n  - {at: 12 s, link: hq.peering, advertises: []}\n";
  // What was beyond the relay then is on its way for less than 20 ms; one packet each 20 ms.
  const sim::IceReport forGood = life(gone);
  CHECK(last(forGood) > Duration::ms(11'960));
  CHECK(last(forGood) < Duration::ms(12'020));
  // Back after 3 s, before a check has been without an answer for 5 s: all goes on.
  const sim::IceReport back =
      life(gone + "  - {at: 15 s, link: hq.peering, advertises: [peering]}\n");
  CHECK(silence(back) > Duration::ms(2960));
  CHECK(silence(back) < Duration::ms(3100));
  CHECK(last(back) > Duration::s(40));
}

TEST_CASE("what a peering cannot advertise is said where it is written") {
  const auto said = [](const std::string& site, const std::string& events) {
    return testing::faultsOf("said", office(site, kMeeting + events));
  };
  const std::string line = "subnets: [203.0.113.0/24], peering: {at: amsterdam";
  CHECK(said(line + ", advertises: []}", "").find("error: ") == std::string::npos);
  CHECK_THAT(said(line + ", advertises: [peering, peering]}", ""),
             Contains("said.yaml:5:") && Contains("names a line twice; name it once"));
  CHECK_THAT(said(line + ", advertises: [wan]}", ""), Contains("said.yaml:5:") && Contains("wan"));
  const std::string alone = "uplink: none, " + line;
  CHECK_THAT(
      said(alone + ", advertises: []}", ""),
      Contains("said.yaml:5:") && Contains("there is no uplink by which answers could come"));
  CHECK_THAT(said(alone + ", advertises: [peering, uplink]}", ""),
             Contains("advertises the addresses of an uplink, and there is none"));
  // Line 12 has the event.
  const auto event = [&](const std::string& text) {
    return said(line + "}", "events:\n  - {at: 2 s, " + text + "}\n");
  };
  CHECK(event("link: hq.peering, advertises: []").find("error: ") == std::string::npos);
  CHECK_THAT(event("link: hq.uplink, advertises: []"),
             Contains("said.yaml:12:") && Contains("advertises: is what a private peering does"));
  CHECK_THAT(event("server: westeurope, advertises: []"),
             Contains("said.yaml:12:") && Contains("has no effect on a server"));
  CHECK_THAT(event("link: hq.peering"), Contains("changes nothing"));
  CHECK_THAT(said(alone + "}", "events:\n  - {at: 2 s, link: hq.peering, advertises: []}\n"),
             Contains("said.yaml:12:") && Contains("is the only way out of its site"));
}

}  // namespace callflow
