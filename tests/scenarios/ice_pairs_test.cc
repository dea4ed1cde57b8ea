// How two clients connect through boxes, all their agents' packets simulated: which pair, in how
// many round trips, and what becomes of the others.
#include <catch2/catch.hpp>

#include <array>
#include <string>

#include "src/sim/quiet_ice.h"
#include "tests/support/scenarios.h"
#include "tests/support/show_units.h"

namespace callflow {
namespace {

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

// Mapping and filtering; the first is no NAT at all.
struct Behaviour {
  const char* mapping;
  const char* filtering;
};
constexpr std::array<Behaviour, 8> kBehaviours{{
    {nullptr, nullptr},
    {"endpoint-independent", "endpoint-independent"},
    {"endpoint-independent", "address-dependent"},
    {"endpoint-independent", "address-and-port-dependent"},
    {"address-dependent", "address-dependent"},
    {"address-dependent", "address-and-port-dependent"},
    {"address-and-port-dependent", "address-dependent"},
    {"address-and-port-dependent", "address-and-port-dependent"},
}};

std::string placeOf(const std::string& name, const Behaviour& behaviour) {
  if (behaviour.mapping == nullptr)
    return "    " + name + ": {location: amsterdam, subnets: [198.51." +
           (name == "a" ? "100" : "101") + ".0/24], uplink: {rate: 1 Gbit/s, delay: 5 ms}}\n";
  return "    " + name + ": {location: amsterdam, perimeter: [nat-" + name +
         "], uplink: {rate: 1 Gbit/s, delay: 5 ms}}\n";
}

std::string deviceOf(const std::string& name, const Behaviour& behaviour) {
  if (behaviour.mapping == nullptr) return "";
  return "    nat-" + name + ": {kind: nat, mapping: " + behaviour.mapping +
         ", filtering: " + behaviour.filtering + ", ports: random}\n";
}

std::string between(const Behaviour& a, const Behaviour& b) {
  const std::string devices = deviceOf("a", a) + deviceOf("b", b);
  return "scenario: nats\ntopology:\n  sites:\n" + placeOf("a", a) + placeOf("b", b) +
         (devices.empty() ? "" : "  devices:\n" + devices) +
         "  azure: {regions: [westeurope]}\n"
         "calls:\n  - {name: call, participants: [ann@a, ben@b], duration: 5 s}\n";
}

TEST_CASE("which of 64 pairings of NATs need a relay, by the packets of their agents") {
  // Of a check from one to the other's server-reflexive address, and back, by RFC 4787's words: it
  // gets in if the other filters nothing; or maps alike for all and filters by address; or filters
  // by port, too, and this one maps alike for all.
  constexpr std::array<const char*, 8> kExpected{{
      "DDDDDDDD",  // no NAT
      "DDDDDDDD",  // endpoint-independent, filters nothing
      "DDDDDDDD",  // endpoint-independent, filters by address
      "DDDDRRRR",  // endpoint-independent, filters by address and port
      "DDDRRRRR",  // address-dependent
      "DDDRRRRR",
      "DDDRRRRR",  // address-and-port-dependent
      "DDDRRRRR",
  }};
  for (std::size_t a = 0; a < kBehaviours.size(); ++a) {
    for (std::size_t b = 0; b < kBehaviours.size(); ++b) {
      INFO("row " << a << ", column " << b);
      const sim::IceReport found = connected("nats", between(kBehaviours[a], kBehaviours[b]));
      CHECK(found.connected);
      const bool relay = kExpected[a][b] == 'R';
      CHECK(isRelayed(found.sides[0]) == relay);
      CHECK(isRelayed(found.sides[1]) == relay);
    }
  }
}

}  // namespace
}  // namespace callflow
