// Two clients, each behind a NAT or behind none, and which of them need a relay.
#pragma once

#include <array>
#include <string>

namespace callflow::testing {

// Mapping and filtering; none is no NAT at all.
struct NatBehaviour {
  const char* mapping;
  const char* filtering;
};

// Of a check from one to the other's server-reflexive address, and back, by RFC 4787's words: it
// gets in if the other filters nothing; or maps alike for all and filters by address; or filters
// by port, too, and this one maps alike for all. D: direct, R: by relay.
inline constexpr std::array<NatBehaviour, 8> kNatBehaviours{{
    {nullptr, nullptr},
    {"endpoint-independent", "endpoint-independent"},
    {"endpoint-independent", "address-dependent"},
    {"endpoint-independent", "address-and-port-dependent"},
    {"address-dependent", "address-dependent"},
    {"address-dependent", "address-and-port-dependent"},
    {"address-and-port-dependent", "address-dependent"},
    {"address-and-port-dependent", "address-and-port-dependent"},
}};
inline constexpr std::array<const char*, 8> kNatPairs{{
    "DDDDDDDD",  // no NAT
    "DDDDDDDD",  // endpoint-independent, filters nothing
    "DDDDDDDD",  // endpoint-independent, filters by address
    "DDDDRRRR",  // endpoint-independent, filters by address and port
    "DDDRRRRR",  // address-dependent
    "DDDRRRRR",
    "DDDRRRRR",  // address-and-port-dependent
    "DDDRRRRR",
}};

inline std::string natPlace(const std::string& name, const NatBehaviour& behaviour) {
  if (behaviour.mapping == nullptr)
    return "    " + name + ": {location: amsterdam, subnets: [198.51." +
           (name == "a" ? "100" : "101") + ".0/24], uplink: {rate: 1 Gbit/s, delay: 5 ms}}\n";
  return "    " + name + ": {location: amsterdam, perimeter: [nat-" + name +
         "], uplink: {rate: 1 Gbit/s, delay: 5 ms}}\n";
}

inline std::string natDevice(const std::string& name, const NatBehaviour& behaviour) {
  if (behaviour.mapping == nullptr) return "";
  return "    nat-" + name + ": {kind: nat, mapping: " + behaviour.mapping +
         ", filtering: " + behaviour.filtering + ", ports: random}\n";
}

inline std::string natPairScenario(const NatBehaviour& a, const NatBehaviour& b,
                                   const std::string& participants = "ann@a, ben@b") {
  const std::string devices = natDevice("a", a) + natDevice("b", b);
  return "scenario: nats\ntopology:\n  sites:\n" + natPlace("a", a) + natPlace("b", b) +
         (devices.empty() ? "" : "  devices:\n" + devices) +
         "  azure: {regions: [westeurope]}\n"
         "calls:\n  - {name: call, participants: [" +
         participants + "], duration: 5 s}\n";
}

}  // namespace callflow::testing
