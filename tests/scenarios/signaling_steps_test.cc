// How long a call's set-up takes when its signaling travels over HTTPS, step by step, by the round
// trips of lines whose delays are known, and how it ends when it gets nowhere.
#include <catch2/catch.hpp>

#include <optional>
#include <string>

#include "src/sim/quiet_ice.h"
#include "tests/support/scenarios.h"
#include "tests/support/show_units.h"

namespace callflow {
namespace {

using signaling::Step;

// Round trips to the region nearest to each; half of one is a message's way.
constexpr Duration kAnn = Duration::ms(400);
constexpr Duration kBen = Duration::ms(200);
// East US to West Europe is 84 ms, there and back (Azure network round-trip latency statistics).
constexpr Duration kBackbone = Duration::ms(42);
// Until a client has read an offer (sim::SignalingTimes).
constexpr Duration kOffer = Duration::ms(20);
// Of ways inside cities and regions, and of serialization.
constexpr Duration kBeside = Duration::ms(20);

// Ann near one region and Ben near another. What stands in their perimeters, in the devices, and
// beside the call.
struct Changes {
  std::string ann = "", ben = "", devices = "", rest = "";
};
std::string yaml(const Changes& changes) {
  return "scenario: signaling\ntopology:\n  internet: {minimum-delay: 0 ms}\n  sites:\n"
         "    a: {location: [52.3667, 4.9], subnets: [10.1.0.0/24], " +
         changes.ann +
         "uplink: {rate: 1 Gbit/s, delay: 200 ms}}\n"
         "    b: {location: [37.3719, -79.8164], subnets: [10.2.0.0/24], " +
         changes.ben + "uplink: {rate: 1 Gbit/s, delay: 100 ms}}\n" +
         (changes.devices.empty() ? "" : "  devices:\n" + changes.devices) +
         "  azure: {regions: [westeurope, eastus]}\n"
         "calls:\n  - {name: call, participants: [ann@a, ben@b], duration: 45 s, signaling: "
         "https}\n" +
         changes.rest;
}

sim::IceReport connected(const Changes& changes) {
  const topology::Scenario scenario = testing::parsedScenario("signaling", yaml(changes));
  return sim::runQuietIce(scenario.cases.front(), scenario.cases.front().calls.front());
}

sim::IceReport lived(const Changes& changes) {
  const topology::Scenario scenario = testing::parsedScenario("signaling", yaml(changes));
  return sim::runQuietLife(scenario.cases.front(), scenario.cases.front().calls.front());
}

std::optional<Duration> at(const sim::IceReport& report, Step step) {
  return report.signaling->steps[static_cast<std::size_t>(step)];
}

void checkTakes(const std::optional<Duration>& measured, Duration expected) {
  REQUIRE(measured);
  CHECK(*measured >= expected);
  CHECK(*measured < expected + kBeside);
}

// A name's address, TCP, TLS 1.3: then the invite may leave.
constexpr Duration kAnnStands = kAnn * 3;
constexpr Duration kInvited = kAnnStands + kAnn / 2;
constexpr Duration kNotified = kInvited + kBackbone + kBen / 2;
constexpr Duration kAnswered = kNotified + kOffer + kBen / 2 + kBackbone + kAnn / 2;

TEST_CASE("the steps of a set-up take the round trips that they need") {
  const sim::IceReport found = connected({});
  REQUIRE(found.connected);
  REQUIRE(found.signaling);
  CHECK_FALSE(found.signaling->end);
  CHECK(found.signaling->lines[0]->server == "azure:westeurope/signaling");
  CHECK(found.signaling->lines[1]->server == "azure:eastus/signaling");
  CHECK_FALSE(found.signaling->lines[0]->throughProxy);
  checkTakes(at(found, Step::resolve), kAnn);
  checkTakes(found.signaling->lines[0]->stands, kAnnStands);
  checkTakes(found.signaling->lines[1]->stands, kBen * 3);
  checkTakes(at(found, Step::invite), kInvited);
  checkTakes(at(found, Step::notify), kNotified);
  checkTakes(at(found, Step::answer), kAnswered);
  // Allocate twice, and what gathering takes beside: 12 ms for sockets and steps of 50 ms.
  REQUIRE(at(found, Step::allocate));
  CHECK(*at(found, Step::allocate) >= kAnn * 3);
  CHECK(*at(found, Step::allocate) < kAnn * 3 + Duration::ms(150));
  REQUIRE(at(found, Step::allocateCallee));
  CHECK(*at(found, Step::allocateCallee) >= kNotified + kOffer + kBen * 2);
  CHECK(*at(found, Step::allocateCallee) < kNotified + kOffer + kBen * 2 + Duration::ms(150));
  const Duration media =
      std::max(*found.sides[0].seen.dtlsConnected, *found.sides[1].seen.dtlsConnected);
  CHECK(at(found, Step::media) == media);
  CHECK(media > kAnswered);
  checkTakes(at(found, Step::telemetry), media + kAnn / 2);
}

TEST_CASE("ideal signaling takes no time on the network, and its candidates wait for nobody") {
  const topology::Scenario scenario = testing::parsedScenario("ideal", [] {
    std::string text = yaml({});
    text.erase(text.find(", signaling: https"), std::string(", signaling: https").size());
    return text;
  }());
  const sim::IceReport found =
      sim::runQuietIce(scenario.cases.front(), scenario.cases.front().calls.front());
  REQUIRE(found.connected);
  CHECK_FALSE(found.signaling);
  const sim::IceReport overHttps = connected({});
  const Duration sooner =
      *overHttps.sides[1].seen.dtlsConnected - *found.sides[1].seen.dtlsConnected;
  // Ben hears of Ann's first candidates when they are there, not when her invite comes.
  CHECK(sooner > kNotified - kBeside);
  CHECK(sooner < kAnswered);
}

TEST_CASE("a firewall that closes TCP 443 to the caller ends the call after 85 s") {
  const sim::IceReport found =
      connected({.ann = "perimeter: [wall], ",
                 .devices = "    wall: {kind: firewall, rules: [{deny: tcp, ports: 443}, {allow: "
                            "any}]}\n"});
  CHECK_FALSE(found.connected);
  REQUIRE(found.signaling->end);
  CHECK(found.signaling->end->at == Duration::s(85));
  CHECK(found.signaling->end->code == signaling::Ending{490, 4502});
  const std::string& why = found.signaling->end->reason;
  CHECK(why.find("ann@a has no connection to azure:westeurope/signaling: wall refuses tcp") == 0);
  CHECK(why.find("denied by rule 1") != std::string::npos);
  CHECK_FALSE(at(found, Step::invite));
  CHECK_FALSE(found.signaling->lines[0]->stands);
  CHECK(found.signaling->lines[1]->stands);
}

TEST_CASE("one that closes it to the callee does so, too, and the callee is not to be had") {
  const sim::IceReport found =
      connected({.ben = "perimeter: [wall], ",
                 .devices = "    wall: {kind: firewall, rules: [{deny: tcp, ports: 443}, {allow: "
                            "any}]}\n"});
  CHECK_FALSE(found.connected);
  REQUIRE(found.signaling->end);
  CHECK(found.signaling->end->at == Duration::s(85));
  CHECK(found.signaling->end->code == signaling::Ending{408, 10057});
  CHECK(found.signaling->end->reason.find("ben@b has no connection to azure:eastus/signaling: "
                                          "wall refuses tcp 10.2.0.") == 0);
  checkTakes(at(found, Step::invite), kInvited);
  CHECK_FALSE(at(found, Step::notify));
}

TEST_CASE("a proxy carries it where the firewall lets out nobody else, also one that looks in") {
  // The proxy has the last address of its subnet.
  const std::string wall =
      "    wall: {kind: firewall, rules: [{allow: tcp, from: 10.1.0.254, ports: 443}, {deny: tcp}, "
      "{allow: any}]}\n";
  for (const char* const proxy : {"proxy: {ports: [443]}, ", "proxy: {inspects-tls: true}, "}) {
    const sim::IceReport found =
        connected({.ann = "perimeter: [wall], " + std::string(proxy), .devices = wall});
    INFO(proxy);
    REQUIRE(found.connected);
    CHECK(found.signaling->lines[0]->throughProxy);
    // In the LAN to the proxy takes no time, and from there it is the proxy's TCP and TLS.
    checkTakes(found.signaling->lines[0]->stands, kAnnStands);
    checkTakes(at(found, Step::invite), kInvited);
    checkTakes(at(found, Step::answer), kAnswered);
  }
  const sim::IceReport shut = connected({.ann = "perimeter: [wall], ", .devices = wall});
  REQUIRE(shut.signaling->end);
  CHECK(shut.signaling->end->code == signaling::Ending{490, 4502});
}

TEST_CASE("a SYN that is lost costs the second that TCP waits before it sends it again") {
  // Ann's first leaves when she knows the address, into a line that is down; RFC 6298 2.1.
  const sim::IceReport found =
      lived({.rest = "events:\n  - {at: 300 ms, link: a.uplink, state: down}\n"
                     "  - {at: 500 ms, link: a.uplink, state: up}\n"});
  REQUIRE(found.connected);
  checkTakes(found.signaling->lines[0]->stands, kAnnStands + Duration::s(1));
  // Who has sent its SYN again begins with a window of one segment (RFC 5681 3.1), two when TLS has
  // been acknowledged: the invite's four take one more round trip.
  checkTakes(at(found, Step::notify), kNotified + Duration::s(1) + kAnn);
}

TEST_CASE("a full tunnel takes signaling along, to the firewall behind its gateway") {
  const topology::Scenario scenario = testing::parsedScenario("tunnel", R"(scenario: tunnel
topology:
  sites: {hq: {location: amsterdam, perimeter: [wall, gateway], uplink: {rate: 1 Gbit/s, delay: 5 ms}}}
  remote:
    home: {location: amsterdam, nat: router, vpn: gateway}
    other: {location: amsterdam, nat: far}
  devices:
    wall: {kind: firewall, nat: {}, rules: [{deny: tcp, to: acs-signaling}, {allow: any}]}
    gateway: {kind: vpn}
    router: {kind: nat}
    far: {kind: nat}
  azure: {regions: [westeurope]}
calls:
  - {name: call, participants: [ann@home, ben@other], duration: 5 s, signaling: https}
)");
  const sim::IceReport found =
      sim::runQuietIce(scenario.cases.front(), scenario.cases.front().calls.front());
  REQUIRE(found.signaling->end);
  CHECK(found.signaling->end->code == signaling::Ending{490, 4502});
  CHECK(found.signaling->end->reason.find("wall refuses tcp") != std::string::npos);
  CHECK(found.signaling->lines[1]->stands);
}

TEST_CASE("who is in a group call signals to the media processor by way of the nearest region") {
  std::string text = yaml({});
  text.replace(text.find("name: call,"), 11, "name: call, kind: group,");
  const topology::Scenario scenario = testing::parsedScenario("group", text);
  const topology::Case& one = scenario.cases.front();
  // Ann hosts: the processor is near her, and the backbone is between it and Ben's server.
  const auto ben = sim::runQuietIce(one, one.calls.front(), 1);
  REQUIRE(ben);
  REQUIRE(ben->sides[0].seen.dtlsConnected);
  checkTakes(at(*ben, Step::invite), kBen * 3 + kBen / 2);
  checkTakes(at(*ben, Step::notify), kBen * 3 + kBen / 2 + kBackbone);
  checkTakes(at(*ben, Step::answer), kBen * 4 + kBackbone * 2 + kOffer);
  CHECK_FALSE(ben->signaling->lines[1]);
  CHECK(at(*ben, Step::telemetry));
}

TEST_CASE("what a proxy closes is opened again: a restart's offer goes by a new connection") {
  // Ann's NAT forgets, and maps anew what the proxy has; Ben's lets nobody in from there. The only
  // way is a restart, and its offer's to the service is one that the proxy opens later: the third,
  // of about 15 s, has been idle for 5 s by then.
  std::string text = yaml({.ann = "perimeter: [router], proxy: {idle: 5 s}, ",
                           .ben = "perimeter: [far], ",
                           .devices = "    far: {kind: nat}\n    router: {kind: nat, preset: "
                                      "linux-masquerade, on-collision: next, ports: random}\n",
                           .rest = "events:\n  - {at: 16 s, device: router, forget: true}\n"});
  const std::string key = "signaling: https";
  text.replace(text.find(key), key.size(), key + ", paths: [direct]");
  const topology::Scenario scenario = testing::parsedScenario("proxy-idle", text);
  const sim::IceReport found =
      sim::runQuietLife(scenario.cases.front(), scenario.cases.front().calls.front());
  REQUIRE(found.connected);
  for (const sim::SideOutcome& side : found.sides) {
    REQUIRE_FALSE(side.seen.media.empty());
    CHECK(side.seen.media.back() > Duration::s(44));
    CHECK(side.seen.selections.size() >= 2);
  }
  REQUIRE(found.sides[0].seen.restarts.size() == 1);
  // Not before a new connection stands: TCP and TLS, then half a round trip of each and the
  // backbone.
  const Duration restarted = found.sides[0].seen.restarts.front();
  CHECK(found.sides[0].seen.selections.back().at > restarted + kAnn / 2 + kBackbone + kBen / 2);
}

}  // namespace
}  // namespace callflow
