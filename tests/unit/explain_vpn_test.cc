// What is said of a VPN's tunnel that goes over TCP, as UDP is refused; and what a tunnel leads to
// where the home has the company's addresses.
#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>

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

namespace {

// Carol's home has these addresses.
Topology atHome(Ipv4Prefix home, std::vector<wire::AddressRange> only) {
  Topology net = withVpn({everything()}, std::move(only));
  for (auto& [name, site] : net.sites)
    if (name == "home") site.subnets = {home};
  return net;
}

bool has(const NetworkGraph& graph, const std::optional<Route>& route, LinkKind kind) {
  REQUIRE(route);
  return std::any_of(route->begin(), route->end(),
                     [&](DirectedLinkId id) { return graph.link(id).kind == kind; });
}

// Which way carol and alice send to each other: "tunnel", "around" or "none".
std::string wayOf(const Topology& net) {
  const NetworkGraph graph(net, std::vector{who("alice", "hq"), who("carol", "home")});
  const ElementId alice = graph.find("alice@hq").value(), carol = graph.find("carol@home").value();
  const auto there = graph.route(carol, alice), back = graph.route(alice, carol);
  CHECK(there.has_value() == back.has_value());
  if (!there) return "none";
  const bool in = has(graph, there, LinkKind::tunnel);
  CHECK(in == has(graph, back, LinkKind::tunnel));
  CHECK(in != has(graph, there, LinkKind::internet));
  return in ? "tunnel" : "around";
}

const wire::Prefix kTen{wire::Ipv4::of(10, 0, 0, 0), 8};
const wire::Prefix kOffice{wire::Ipv4::of(10, 1, 0, 0), 16};
const wire::Prefix kAlice{wire::Ipv4::of(10, 1, 0, 2), 32};

}  // namespace

TEST_CASE("what is sent to an address of the home's own range does not enter the tunnel") {
  const wire::Prefix lower{wire::Ipv4::of(10, 1, 0, 0), 24}, upper{wire::Ipv4::of(10, 1, 9, 0), 24};
  // hq has 10.1.0.0/16, and alice 10.1.0.2. Around the tunnel she has her firewall's public
  // address.
  CHECK(wayOf(atHome({wire::Ipv4::of(192, 168, 7, 0), 24}, {kTen})) == "tunnel");
  CHECK(wayOf(atHome(kOffice, {kTen})) == "around");
  CHECK(wayOf(atHome(lower, {kTen})) == "around");
  CHECK(wayOf(atHome(upper, {kTen})) == "tunnel");
  // The longest prefix wins, and of two as long the home's.
  CHECK(wayOf(atHome(kTen, {kOffice})) == "tunnel");
  CHECK(wayOf(atHome(kOffice, {kOffice})) == "around");
  CHECK(wayOf(atHome(kOffice, {kTen, kAlice})) == "tunnel");
  // On a full tunnel the public address is in the tunnel, too.
  CHECK(wayOf(atHome(kOffice, {})) == "none");
  CHECK(wayOf(atHome(upper, {})) == "tunnel");
}

TEST_CASE("a home without written addresses overlaps with nobody's") {
  Topology net = atHome({wire::Ipv4::of(192, 168, 1, 0), 24}, {});
  for (auto& [name, site] : net.sites) {
    if (name == "home") site.subnets = {};
    if (name == "hq") site.subnets = {{wire::Ipv4::of(192, 168, 0, 0), 16}};
  }
  CHECK(wayOf(net) == "tunnel");
}

TEST_CASE("two clients of one VPN reach each other by its addresses, whatever their homes have") {
  Topology net = atHome(kOffice, {kTen});
  Site other = net.sites.back().second;
  other.subnets = {kOffice};
  other.perimeter = {"other-router"};
  net.devices.emplace_back("other-router", natDevice());
  net.sites.emplace_back("other", other);
  const auto inTunnel = [&](wire::Prefix home) {
    for (auto& [name, site] : net.sites)
      if (name == "other") site.subnets = {home};
    const NetworkGraph graph(net, std::vector{who("carol", "home"), who("dan", "other")});
    return has(graph,
               graph.route(graph.find("carol@home").value(), graph.find("dan@other").value()),
               LinkKind::tunnel);
  };
  CHECK(inTunnel(kOffice));
  // Those of the VPN itself are 10.255.0.0/16.
  CHECK(inTunnel(kTen));
  CHECK_FALSE(inTunnel({wire::Ipv4::of(10, 255, 0, 0), 24}));
}

TEST_CASE("a call whose tunnel does not lead to the colleague's address is relayed", "[explain]") {
  const auto kindOf = [](const Topology& net) {
    const Call asked =
        callflow::topology::testing::call({who("alice", "hq"), who("carol", "home")});
    const NetworkGraph graph(net, std::vector{asked});
    const CallPlan plan = planCall(graph, net, asked);
    REQUIRE(plan.paths.size() == 2);
    return plan.paths[0].kind;
  };
  // hq's firewall lets UDP out to Azure alone.
  CHECK(kindOf(atHome(kOffice, {kTen})) == PathKind::relayUdp);
  CHECK(kindOf(atHome(kOffice, {})) == PathKind::relayUdp);
  CHECK(kindOf(atHome({wire::Ipv4::of(192, 168, 7, 0), 24}, {kTen})) == PathKind::direct);
  Topology open = atHome(kOffice, {kTen});
  for (auto& [name, device] : open.devices)
    if (name == "hq-firewall") device = firewallDevice({everything()});
  CHECK(kindOf(open) == PathKind::direct);
}
