// Whether other traffic gets to who has asked for none, as a file is read.
#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "src/topology/load.h"

using namespace callflow;
using namespace callflow::topology;
using Catch::Contains;

namespace {

// A backup from a branch to headquarters, each with a way out of its own.
std::string saidOf(const std::string& wan) {
  const std::string file = std::string(CALLFLOW_TEST_DIR) + "/traffic.yaml";
  std::ofstream(file) << "scenario: backup\n"
                         "topology:\n"
                         "  sites:\n"
                         "    hq: {subnets: [10.1.0.0/16], perimeter: [fw]}\n"
                         "    branch: {subnets: [10.2.0.0/16], perimeter: [nat], uplink: {rate: 50 "
                         "Mbit/s}" +
                             wan +
                             "}\n"
                             "  devices: {fw: {kind: firewall, nat: {}}, nat: {kind: nat}}\n"
                             "  azure: {regions: [westeurope]}\n"
                             "calls: [{name: talk, participants: [ann@branch, ben@hq]}]\n"
                             "traffic: [{name: backup, kind: transfer, from: branch, to: hq}]\n";
  Diagnostics diagnostics;
  loadScenario(file, diagnostics);
  return diagnostics.render("said");
}

}  // namespace

TEST_CASE("a NAT beside the way of other traffic is not warned of") {
  CHECK_THAT(saidOf(""), Contains("\"hq\" is behind \"fw\", which lets nothing in"));
  CHECK_THAT(saidOf(", wan: {to: hq}"), !Contains("lets nothing in"));
}
