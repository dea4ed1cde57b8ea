// What is said of a VPN's tunnel that goes over TCP, as UDP is refused.
#include <catch2/catch.hpp>

#include "src/explain/plan.h"
#include "tests/unit/small_topologies.h"

using namespace callflow;
using namespace callflow::explain;
using namespace callflow::topology;
using namespace callflow::topology::testing;
using Catch::Contains;

namespace {

// Carol at home is on the company's VPN, whose gateway stands at the head office, behind a wall of
// her own.
Topology withVpn(std::vector<FirewallRule> wall, std::vector<wire::AddressRange> only = {}) {
  Topology net = contoso();
  vpn::Vpn gateway;
  gateway.encapsulation = {vpn::Carriage::udp,  4501,
                           DataSize::bytes(64), DataSize::bytes(2),
                           DataSize::bytes(16), DataSize::bytes(1400)};
  gateway.fallback = vpn::Fallback{443, DataSize::bytes(45)};
  gateway.clients = {ip(10, 255, 0, 0), 16};
  gateway.only = std::move(only);
  Device device;
  device.kind = gateway;
  net.devices.emplace_back("gateway", device);
  net.devices.emplace_back("wall", firewallDevice(std::move(wall)));
  for (auto& [name, site] : net.sites) {
    if (name == "hq") site.perimeter = {"hq-firewall", "gateway"};
    if (name != "home") continue;
    site.perimeter = {"wall"};
    site.vpn = "gateway";
  }
  return net;
}

std::string chosen(const Topology& net) {
  const Call asked = callflow::topology::testing::call({who("alice", "hq"), who("carol", "home")});
  const NetworkGraph graph(net, std::vector{asked});
  const CallPlan plan = planCall(graph, net, asked);
  REQUIRE(plan.paths.size() == 2);
  CHECK(words(graph, plan.paths[0].attempts.back()) == words(graph, plan.paths[1].attempts.back()));
  CHECK(plan.paths[0].attempts.back().chosen);
  return words(graph, plan.paths[0].attempts.back());
}

FirewallRule everything() {
  return rule(RuleAction::allow, RuleProtocol::any, AnyAddress{}, {}, "{allow: any}", 20);
}

}  // namespace

TEST_CASE("the box and the rule that refuse UDP to a VPN's gateway are named", "[explain]") {
  const std::string shut = chosen(withVpn({allowWeb(21), denyAll(22)}));
  CHECK_THAT(shut, Contains("reach each other over UDP; carol@home's VPN goes over TCP 443, as "
                            "wall refuses udp "));
  CHECK_THAT(shut, Contains(":4501: denied by rule 2 (net.yaml:22): {deny: any}"));
  CHECK(chosen(withVpn({everything()})).find("VPN") == std::string::npos);
}

TEST_CASE("nothing is said of a tunnel that the call goes around", "[explain]") {
  const wire::Prefix elsewhere{wire::Ipv4::of(192, 168, 77, 0), 24};
  const std::string around = chosen(withVpn({allowWeb(21), denyAll(22)}, {elsewhere}));
  CHECK(around.find("VPN") == std::string::npos);
}

TEST_CASE("a tunnel that neither UDP nor TCP gets through carries nobody", "[explain]") {
  const Topology net = withVpn({denyAll(22)});
  const Call asked = callflow::topology::testing::call({who("alice", "hq"), who("carol", "home")});
  const NetworkGraph graph(net, std::vector{asked});
  const CallPlan plan = planCall(graph, net, asked);
  REQUIRE(plan.failures.size() == 1);
  // What was tried last is what is told.
  CHECK_THAT(words(graph, plan.failures[0].attempts.front()),
             Contains("wall refuses tcp ") && Contains(":443: denied by rule 1 (net.yaml:22)"));
}
