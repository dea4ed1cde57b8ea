// How two clients connect through boxes, all their agents' packets simulated: which pair, in how
// many round trips, and what becomes of the others.
#include <catch2/catch.hpp>

#include <string>

#include "src/sim/quiet_ice.h"
#include "tests/support/nat_pairs.h"
#include "tests/support/scenarios.h"
#include "tests/support/show_units.h"

namespace callflow {
namespace {

using testing::kNatBehaviours;
using testing::kNatPairs;
using testing::natPairScenario;
using testing::parsedScenario;

sim::IceReport connected(const std::string& name, const std::string& yaml) {
  const topology::Scenario scenario = parsedScenario(name, yaml);
  return sim::runQuietIce(scenario.cases.front(), scenario.cases.front().calls.front());
}

std::string selectedOf(const sim::SideOutcome& side) {
  for (const sim::PairOutcome& pair : side.pairs) {
    if (!pair.selected) continue;
    return std::string(ice::name(pair.local.type)) + "-" + std::string(ice::name(pair.remote.type));
  }
  return "none";
}

bool isRelayed(const sim::SideOutcome& side) {
  return selectedOf(side).find("relay") != std::string::npos;
}

// ---- NATs

TEST_CASE("which of 64 pairings of NATs need a relay, by the packets of their agents") {
  for (std::size_t a = 0; a < kNatBehaviours.size(); ++a) {
    for (std::size_t b = 0; b < kNatBehaviours.size(); ++b) {
      INFO("row " << a << ", column " << b);
      const sim::IceReport found =
          connected("nats", natPairScenario(kNatBehaviours[a], kNatBehaviours[b]));
      CHECK(found.connected);
      const bool relay = kNatPairs[a][b] == 'R';
      CHECK(isRelayed(found.sides[0]) == relay);
      CHECK(isRelayed(found.sides[1]) == relay);
    }
  }
}

// ---- round trips

// Between each client and the relay 800 ms there and back, between the clients twice that. What
// ann's firewall lets out, and how her connection is secured.
std::string far(const std::string& nat, const std::string& rules, const std::string& security,
                const std::string& proxy = "") {
  std::string devices;
  for (const char* const name : {"a", "b"})
    if (!nat.empty()) devices += "    nat-" + std::string(name) + ": {kind: nat, " + nat + "}\n";
  if (!rules.empty()) devices += "    wall: {kind: firewall, rules: [" + rules + "]}\n";
  const auto place = [&](const std::string& name) {
    std::string perimeter = nat.empty() ? "" : "nat-" + name;
    if (name == "a" && !rules.empty())
      perimeter = "wall" + (perimeter.empty() ? "" : ", " + perimeter);
    return "    " + name + ": {location: [50, 8], " +
           (nat.empty()
                ? "subnets: [198.51." + std::string(name == "a" ? "100" : "101") + ".0/24], "
                : "") +
           (name == "a" ? proxy : "") + "perimeter: [" + perimeter +
           "], uplink: {rate: 1 Gbit/s, delay: 400 ms}}\n";
  };
  return "scenario: far\ntopology:\n  internet: {minimum-delay: 0 ms}\n  sites:\n" + place("a") +
         place("b") +
         "    hub: {location: [50, 8], subnets: [203.0.113.0/24], uplink: {rate: 1 Gbit/s, delay: "
         "0 "
         "ms}}\n" +
         (devices.empty() ? "" : "  devices:\n" + devices) +
         "  servers: {relay: {kind: relay, at: hub}}\n"
         "calls:\n  - {name: call, participants: [ann@a, ben@b], relays: [relay], duration: 5 s, "
         "transport: {security: " +
         security + "}}\n";
}

constexpr Duration kToRelay = Duration::ms(800);
constexpr Duration kBetween = Duration::ms(1600);

// Who begins DTLS may send media when it is over. What signaling, pacing and the steps of gathering
// take beside the round trips is less than half of the shorter of these.
void expectRounds(const sim::IceReport& found, std::int64_t toRelay, std::int64_t between) {
  REQUIRE(found.connected);
  const Duration rounds = kToRelay * toRelay + kBetween * between;
  CHECK(*found.sides[1].seen.dtlsConnected >= rounds);
  CHECK(*found.sides[1].seen.dtlsConnected < rounds + kToRelay / 2);
}

TEST_CASE("straight to each other: a check and DTLS") {
  const sim::IceReport found = connected("far", far("", "", "none"));
  CHECK(selectedOf(found.sides[0]) == "host-host");
  expectRounds(found, 0, 2);
}

TEST_CASE("through two NATs: a STUN server's answer, a check, DTLS") {
  const sim::IceReport found = connected("far", far("preset: linux-masquerade", "", "none"));
  CHECK(selectedOf(found.sides[0]) == "srflx-srflx");
  expectRounds(found, 1, 2);
}

TEST_CASE("by relay over UDP: Allocate twice, a check, DTLS") {
  const sim::IceReport found =
      connected("far", far("mapping: address-and-port-dependent, ports: random", "", "none"));
  CHECK(isRelayed(found.sides[0]));
  expectRounds(found, 2, 2);
}

TEST_CASE("by relay over TCP: one more for TCP, another for TLS 1.3, two for TLS 1.2") {
  const std::string rules = "{allow: tcp, ports: 443}, {deny: any}";
  expectRounds(connected("far", far("preset: linux-masquerade", rules, "none")), 3, 2);
  expectRounds(connected("far", far("preset: linux-masquerade", rules, "tls-1.3")), 4, 2);
  expectRounds(connected("far", far("preset: linux-masquerade", rules, "tls-1.2")), 5, 2);
}

TEST_CASE("through a proxy in the LAN its own connection takes the round trip of the client's") {
  const sim::IceReport found =
      connected("far", far("preset: linux-masquerade", "{allow: tcp, ports: 443}, {deny: any}",
                           "tls-1.3", "proxy: {ports: [443]}, "));
  expectRounds(found, 4, 2);
}

// ---- what became of the others

TEST_CASE("a pair that does not work names the box and the rule that its first check died at") {
  const sim::IceReport found = connected(
      "walled", far("preset: linux-masquerade", "{allow: udp, ports: 3478}, {deny: any}", "none"));
  REQUIRE(found.connected);
  bool told = false;
  for (const sim::PairOutcome& pair : found.sides[0].pairs) {
    if (pair.local.type != ice::CandidateType::host || !pair.lost) continue;
    told = true;
    CHECK(pair.lost->element == "wall");
    CHECK(pair.lost->reason.find("rule 2") != std::string::npos);
    CHECK(pair.lost->header.destination == pair.remote.address);
  }
  CHECK(told);
}

TEST_CASE("without UDP and without a relay over TCP nothing connects, and both say so after 15 s") {
  const sim::IceReport found =
      connected("shut", far("preset: linux-masquerade", "{deny: any}", "none"));
  CHECK_FALSE(found.connected);
  REQUIRE(found.sides[1].seen.failed);
  CHECK(*found.sides[1].seen.failed > Duration::s(15));
  CHECK(*found.sides[1].seen.failed < Duration::s(18));
}

TEST_CASE("a firewall that asks for TLS lets TURN over plain TCP through no more than UDP") {
  const std::string rules = "{allow: tcp, ports: 443, inspect: tls}, {deny: any}";
  CHECK_FALSE(connected("plain", far("preset: linux-masquerade", rules, "none")).connected);
  CHECK(connected("secured", far("preset: linux-masquerade", rules, "tls-1.3")).connected);
}

TEST_CASE("a full tunnel takes what is addressed to nobody, too, to its gateway's firewall") {
  const sim::IceReport found = connected("tunnel", R"(scenario: tunnel
topology:
  sites: {hq: {location: amsterdam, perimeter: [wall, gateway], uplink: {rate: 1 Gbit/s, delay: 5 ms}}}
  remote:
    home: {location: amsterdam, nat: router, vpn: gateway}
    other: {location: amsterdam, nat: far}
  devices:
    wall: {kind: firewall, nat: {}, rules: [{allow: udp, to: azure, ports: 3478}, {deny: any}]}
    gateway: {kind: vpn}
    router: {kind: nat}
    far: {kind: nat}
  azure: {regions: [westeurope]}
calls:
  - {name: call, participants: [ann@home, ben@other], duration: 5 s}
)");
  REQUIRE(found.connected);
  int told = 0;
  for (const sim::PairOutcome& pair : found.sides[0].pairs) {
    if (pair.local.type != ice::CandidateType::host ||
        pair.remote.type != ice::CandidateType::host || !pair.lost)
      continue;
    ++told;
    CHECK(pair.lost->element == "wall");
  }
  CHECK(told == 2);  // of her own address and of the VPN's
}

TEST_CASE(
    "a call keeps to its paths: without direct ones a relay is between, without relays none") {
  const std::string open = far("preset: linux-masquerade", "", "none");
  const auto with = [&](const std::string& paths) {
    std::string yaml = open;
    yaml.insert(yaml.find(", relays: [relay]"), ", paths: [" + paths + "]");
    return connected("paths", yaml);
  };
  CHECK(isRelayed(with("relay-udp").sides[0]));
  CHECK_FALSE(isRelayed(with("direct").sides[0]));
  const sim::IceReport overTcp = with("relay-tcp");
  REQUIRE(overTcp.connected);
  CHECK(isRelayed(overTcp.sides[0]));
}

}  // namespace
}  // namespace callflow
