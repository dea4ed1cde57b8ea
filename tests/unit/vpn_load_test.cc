// What is said of a VPN's keys that do nothing together.
#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "src/topology/load.h"

using namespace callflow;
using namespace callflow::topology;
using Catch::Contains;

namespace {

// Line 4 has the VPN.
std::string saidOf(const std::string& vpn) {
  const std::string file = std::string(CALLFLOW_TEST_DIR) + "/vpn.yaml";
  std::ofstream(file) << "sites: {hq: {perimeter: [nat, gate]}}\n"
                         "remote: {home: {nat: router, vpn: gate}}\n"
                         "devices:\n"
                         "  gate: {kind: vpn, " +
                             vpn +
                             "}\n"
                             "  nat: {kind: nat}\n"
                             "  router: {kind: nat}\n"
                             "azure: {regions: [westeurope]}\n";
  Diagnostics diagnostics;
  loadTopology(file, diagnostics);
  return diagnostics.hasErrors() ? diagnostics.render("failed") : std::string();
}

}  // namespace

TEST_CASE("what a keepalive is like has no effect where there is none") {
  for (const char* const key : {"keepalive-size: 40 B", "keepalive-from: both"}) {
    INFO(key);
    const std::string said = saidOf(key);
    CHECK_THAT(said, Contains("vpn.yaml:4:"));
    CHECK_THAT(said, Contains("has no effect without keepalive; write keepalive: 20 s beside it"));
    CHECK(saidOf(std::string("keepalive: 10 s, ") + key).empty());
  }
  // A preset may have one, or a size only, for who asks for one.
  CHECK(saidOf("preset: openvpn, keepalive-size: 50 B").empty());
  CHECK(saidOf("preset: wireguard").empty());
  CHECK_THAT(saidOf("preset: wireguard, keepalive-size: 50 B"), Contains("without keepalive"));
  CHECK(saidOf("preset: wireguard, keepalive: 25 s").empty());
  // As the resolved file has it.
  CHECK(saidOf("keepalive: none, keepalive-size: 29 B").empty());
}
