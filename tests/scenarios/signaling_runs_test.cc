// Calls whose signaling travels over HTTPS, as they run: when their media begins, and how they end
// when signaling gets nowhere.
#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tests/support/scenarios.h"
#include "tests/support/show_units.h"

namespace callflow {
namespace {

// One city; Ann's round trip to all that is outside her site is 400 ms, that of Ben and Cleo 200
// ms.
struct Changes {
  std::string ann = "", devices = "", call = "", rest = "";
};
metrics::RunRecord run(const Changes& changes) {
  return testing::simulated(testing::parsedScenario(
      "signaling",
      "scenario: signaling\ntopology:\n"
      "  internet: {minimum-delay: 0 ms, jitter: 0 ms}\n  sites:\n"
      "    a: {location: amsterdam, subnets: [10.1.0.0/24], " +
          changes.ann +
          "uplink: {rate: 1 Gbit/s, delay: 200 ms}}\n"
          "    b: {location: amsterdam, subnets: [10.2.0.0/24], uplink: {rate: 1 "
          "Gbit/s, delay: 100 ms}}\n" +
          (changes.devices.empty() ? "" : "  devices:\n" + changes.devices) +
          "  azure: {regions: [westeurope]}\ncalls:\n  - {name: call, signaling: https, " +
          (changes.call.empty() ? "participants: [ann@a, ben@b], duration: 5 s" : changes.call) +
          "}\n" + changes.rest));
}

const metrics::CallParticipant& participant(const metrics::RunRecord& record,
                                            const std::string& name) {
  for (const metrics::CallParticipant& who : record.calls.front().participants)
    if (who.name == name) return who;
  FAIL("no " << name);
  return record.calls.front().participants.front();
}

std::optional<Duration> stepOf(const metrics::RunRecord& record, const std::string& name,
                               std::string_view step) {
  for (const metrics::SetUpStep& each : participant(record, name).steps)
    if (each.step == step) return each.at;
  return std::nullopt;
}

using Code = std::pair<int, int>;
Code codeOf(const metrics::RunRecord& record, const std::string& name) {
  const metrics::CallParticipant& who = participant(record, name);
  return {who.code, who.subcode};
}

// Of ways inside cities and regions, and of serialization.
constexpr Duration kBeside = Duration::ms(15);
void checkTakes(const std::optional<Duration>& measured, Duration expected) {
  REQUIRE(measured);
  CHECK(*measured >= expected);
  CHECK(*measured < expected + kBeside);
}

constexpr const char* kNo443 =
    "    wall: {kind: firewall, rules: [{deny: tcp, ports: 443}, {allow: any}]}\n";

TEST_CASE("media of a run waits for the round trips of signaling") {
  const metrics::RunRecord record = run({});
  CHECK(record.failedCalls.empty());
  // Ann: a lookup, TCP, TLS and half a round trip for her invite, then half of Ben's.
  checkTakes(stepOf(record, "ann@a", "signaling"), Duration::ms(1200));
  checkTakes(stepOf(record, "ben@b", "signaling"), Duration::ms(600));
  checkTakes(stepOf(record, "ann@a", "invite-sent"), Duration::ms(1400));
  checkTakes(stepOf(record, "ben@b", "notified"), Duration::ms(1500));
  // Ben reads it in 20 ms; his answer takes 100 ms up and 200 ms down.
  checkTakes(stepOf(record, "ann@a", "answered"), Duration::ms(1820));
  CHECK_FALSE(stepOf(record, "ben@b", "answered"));
  CHECK_FALSE(stepOf(record, "ann@a", "notified"));
  const auto media = stepOf(record, "ann@a", "media");
  REQUIRE(media);
  CHECK(media == stepOf(record, "ben@b", "media"));
  CHECK(media > Duration::ms(1820));
  CHECK(record.calls.front().mediaStart == *media);
  CHECK(record.streams.size() == 2);
}

TEST_CASE("a run whose caller's firewall closes TCP 443 has no call, and says why") {
  const metrics::RunRecord record = run({.ann = "perimeter: [wall], ", .devices = kNo443});
  CHECK(record.streams.empty());
  REQUIRE(record.failedCalls.size() == 1);
  CHECK(record.failedCalls[0].code == 490);
  CHECK(record.failedCalls[0].subcode == 4502);
  REQUIRE(record.failedCalls[0].reasons.size() == 1);
  const std::string& why = record.failedCalls[0].reasons[0];
  CHECK(why.find("ann@a and ben@b: ann@a has no connection to azure:westeurope/signaling: wall "
                 "refuses tcp 10.1.0.") == 0);
  CHECK(why.find("denied by rule 1") != std::string::npos);
  CHECK(codeOf(record, "ann@a") == Code{490, 4502});
  CHECK(record.simulated >= Duration::s(85));
  CHECK(record.simulated <= Duration::s(90));
}

TEST_CASE("others of a group call do not wait for one who cannot signal") {
  const metrics::RunRecord record =
      run({.ann = "perimeter: [wall], ",
           .devices = kNo443,
           .call = "kind: group, participants: [ben@b, cleo@b, ann@a], duration: 5 s"});
  CHECK(record.calls.front().mediaStart < Duration::s(3));
  CHECK(record.streams.size() == 2);
  REQUIRE(record.failedCalls.size() == 1);
  CHECK(record.failedCalls[0].code == 490);
  CHECK(record.failedCalls[0].reasons.at(0).find("ann@a: ann@a has no connection to ") == 0);
  CHECK(codeOf(record, "ann@a") == Code{490, 4502});
  CHECK(codeOf(record, "ben@b") == Code{0, 0});
}

TEST_CASE("whose network is gone ends otherwise than whose media is") {
  const std::string longCall = "participants: [ann@a, ben@b], duration: 200 s";
  const metrics::RunRecord gone =
      run({.call = longCall, .rest = "events:\n  - {at: 20 s, link: a.uplink, state: down}\n"});
  CHECK(codeOf(gone, "ann@a") == Code{496, 7});
  // From then on the wall lets no datagram out, but Ann's restarts are heard of.
  const metrics::RunRecord shut =
      run({.ann = "perimeter: [wall], ",
           .devices = "    wall: {kind: firewall, rules: [{deny: udp, since: 20 s}, {allow: "
                      "any}]}\n",
           .call = longCall + ", paths: [direct, relay-udp]"});
  CHECK(codeOf(shut, "ann@a") == Code{410, 301005});
}

TEST_CASE("ideal signaling lets media begin without a connection to the service") {
  const metrics::RunRecord record =
      run({.ann = "perimeter: [wall], ",
           .devices = kNo443,
           .call = "participants: [ann@a, ben@b], duration: 5 s}\n  - {name: other, participants: "
                   "[ann@a, ben@b], duration: 5 s"});
  // The first signals over HTTPS, the second does not.
  REQUIRE(record.failedCalls.size() == 1);
  CHECK(record.failedCalls[0].call == "call");
  CHECK(record.streams.size() == 2);
}

}  // namespace
}  // namespace callflow
