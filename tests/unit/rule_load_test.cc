// Firewall rules as they are read.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "src/topology/load.h"

using namespace callflow;
using namespace callflow::topology;

namespace {

Firewall firewallWith(const std::string& rules) {
  const std::string file = (std::filesystem::path(CALLFLOW_TEST_DIR) / "rules.yaml").string();
  std::ofstream(file, std::ios::binary)
      << "sites: {hq: {perimeter: fw}}\ndevices: {fw: {kind: firewall, rules: " + rules + "}}\n";
  Diagnostics diagnostics;
  const auto topology = loadTopology(file, diagnostics);
  INFO(diagnostics.render("failed"));
  REQUIRE(topology);
  return std::get<Firewall>(topology->devices.at(0).second.kind);
}

}  // namespace

TEST_CASE("a rule names services and places, one or several") {
  const Firewall firewall = firewallWith(
      "[{allow: udp, from: hq, to: [acs-media, acs-signaling, 192.0.2.7]}, {reject: tcp, since: 1 "
      "min, after: 1 packet, dscp: [ef, 34]}]");
  REQUIRE(firewall.rules.size() == 2);
  CHECK(std::get<wire::Place>(firewall.rules[0].from.at(0)).name == "hq");
  REQUIRE(firewall.rules[0].to.size() == 3);
  CHECK(std::get<Service>(firewall.rules[0].to[0]) == Service::acsMedia);
  CHECK(std::get<Service>(firewall.rules[0].to[1]) == Service::acsSignaling);
  CHECK(std::get<Ipv4Prefix>(firewall.rules[0].to[2]).length == 32);
  CHECK_FALSE(firewall.rules[0].changes());
  CHECK(firewall.rules[1].action == RuleAction::reject);
  CHECK(*firewall.rules[1].since == Duration::s(60));
  CHECK(firewall.rules[1].after->count == 1);
  CHECK(firewall.rules[1].dscp == std::vector{wire::Dscp{46}, wire::Dscp{34}});
  CHECK(firewall.rules[1].changes());
  CHECK(firewall.udpUnrepliedTimeout == Duration::s(30));
  CHECK_FALSE(firewall.stateTable);
}
