// Mappings, ports for everybody, timers.
#include "tests/check/support.h"

namespace callflow::check::testing {
namespace {

using Catch::Contains;

// Line 4 has the NAT.
std::string behind(const std::string& nat, const std::string& calls = "") {
  return "topology:\n"
         "  sites: {hq: {subnets: [10.0.0.0/8], perimeter: [nat]}, lab: {subnets: [172.16.0.0/12], "
         "perimeter: [other]}}\n"
         "  devices:\n"
         "    nat: {" +
         nat +
         "}\n"
         "    other: {kind: nat}\n"
         "  azure: {regions: [westeurope]}\n"
         "calls: [{name: chat, participants: [ann@hq, bob@lab]" +
         calls + "}]\n";
}

TEST_CASE("a symmetric NAT needs a relay", "[check]") {
  const Finding found =
      only(checked(behind("kind: nat, mapping: address-and-port-dependent")), "nat-mapping");
  CHECK(found.severity == Severity::warning);
  CHECK(at(found) == "4:5");
  CHECK_THAT(found.problem, Contains("(symmetric NAT)"));
  CHECK_THAT(found.effect, Contains("media from hq needs a relay"));
  CHECK(found.advice == "mapping: endpoint-independent");
  CHECK_THAT(only(checked(behind("kind: nat, mapping: address-dependent")), "nat-mapping").problem,
             Contains("for each address it sends to"));
  CHECK(of(checked(behind("kind: nat")), "nat-mapping").empty());
  // A firewall's, too.
  CHECK(only(checked(behind("kind: firewall, nat: {mapping: address-and-port-dependent}")),
             "nat-mapping")
            .subject == "nat");
}

TEST_CASE("each device takes ten ports of a public address at its peak", "[check]") {
  // 100 ports are for 100 / (6 + 4) = 10 devices; 11 people are behind them.
  const std::string few = "kind: nat, port-range: 2000-2099";
  const Finding found = only(checked(behind(few, ", count: 11")), "nat-pool");
  CHECK(found.severity == Severity::warning);
  CHECK(at(found) == "4:5");
  CHECK_THAT(found.problem, Contains("nat has 11 people behind it and ports for 10"));
  CHECK(found.advice == "addresses: 2");
  CHECK(of(checked(behind(few, ", count: 10")), "nat-pool").empty());
  CHECK(of(checked(behind(few + ", addresses: 2", ", count: 11")), "nat-pool").empty());
}

TEST_CASE("a block of ports for each host has room for its peak", "[check]") {
  const Finding found = only(checked(behind("kind: nat, ports-per-host: 8")), "nat-pool");
  CHECK_THAT(found.problem, Contains("keeps 8 ports for a host, which takes 10"));
  CHECK(of(checked(behind("kind: nat, ports-per-host: 16")), "nat-pool").empty());
}

TEST_CASE("a UDP timer below two minutes is told of", "[check]") {
  const Finding nat = only(checked(behind("kind: nat, udp-timeout: 119 s")), "udp-timer");
  CHECK(nat.severity == Severity::warning);
  CHECK(at(nat) == "4:5");
  CHECK(nat.problem == "nat forgets a UDP mapping after 119 s without a packet");
  CHECK(of(checked(behind("kind: nat, udp-timeout: 120 s")), "udp-timer").empty());
  const Finding wall =
      only(checked(behind("kind: firewall, nat: {}, udp-timeout: 30 s")), "udp-timer");
  CHECK(wall.problem == "nat forgets a UDP flow after 30 s without a packet");
}

TEST_CASE("a NAT that nobody is behind is not told of", "[check]") {
  const std::string idle =
      "topology:\n"
      "  sites:\n"
      "    hq: {subnets: [10.1.0.0/16]}\n"
      "    old: {subnets: [10.2.0.0/16], perimeter: [nat]}\n"
      "  devices: {nat: {kind: nat, mapping: address-and-port-dependent, udp-timeout: 5 s}}\n"
      "  azure: {regions: [westeurope]}\n"
      "calls: [{name: chat, participants: [ann@hq, bob@hq]}]\n";
  const Report report = checked(idle);
  CHECK(of(report, "nat-mapping").empty());
  CHECK(of(report, "udp-timer").empty());
}

}  // namespace
}  // namespace callflow::check::testing
