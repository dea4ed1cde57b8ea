// Topologies for the tests of graph, drawings and plans, built by hand with round numbers.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "src/topology/model.h"
#include "src/topology/scenario.h"

namespace callflow::topology::testing {

inline std::uint32_t ip(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return (a << 24) | (b << 16) | (c << 8) | d;
}

inline LinkDirection direction(DataRate rate, Duration delay) {
  LinkDirection made;
  made.rate = rate;
  made.delay = delay;
  made.queue = Duration::ms(100);
  return made;
}

inline Link link(Duration delay, DataRate rate = DataRate::mbps(100)) {
  return {direction(rate, delay), direction(rate, delay)};
}

inline constexpr Location amsterdam{52.3667, 4.9};      // of the region westeurope
inline constexpr Location virginia{37.3719, -79.8164};  // of the region eastus
inline constexpr Location dublin{53.3478, -6.2597};     // of the region northeurope

// Access 1 ms, uplink as given.
inline Site site(Location location, Duration uplink) {
  Site made;
  made.location = location;
  made.access = link(Duration::ms(1), DataRate::mbps(1000));
  made.uplink = link(uplink);
  return made;
}

// Without an uplink of its own.
inline Site branch(Location location, const std::string& hub, Duration wan) {
  Site made = site(location, Duration{});
  made.uplink.reset();
  made.wan = Wan{hub, link(wan)};
  return made;
}

inline Nat nat() {
  Nat nat;
  nat.udpTimeout = Duration::s(120);
  nat.tcpTimeout = Duration::s(7440);
  return nat;
}

inline Device natDevice() {
  Device device;
  device.kind = nat();
  return device;
}

inline FirewallRule rule(RuleAction action, RuleProtocol protocol, RuleAddress to,
                         std::vector<PortRange> ports, const std::string& text, int line) {
  FirewallRule made;
  made.action = action;
  made.protocol = protocol;
  made.to = {to};
  made.ports = std::move(ports);
  made.text = text;
  made.pos = {std::make_shared<const std::string>("net.yaml"), line, 9};
  return made;
}

inline FirewallRule allowAzureUdp(int line = 11) {
  return rule(RuleAction::allow, RuleProtocol::udp, Service::azure, {{3478, 3481}},
              "{allow: udp, to: azure, ports: 3478-3481}", line);
}
inline FirewallRule allowWeb(int line = 12) {
  return rule(RuleAction::allow, RuleProtocol::tcp, AnyAddress{}, {{443, 443}},
              "{allow: tcp, to: any, ports: 443}", line);
}
inline FirewallRule denyAll(int line = 13) {
  return rule(RuleAction::deny, RuleProtocol::any, AnyAddress{}, {}, "{deny: any}", line);
}

inline Device firewallDevice(std::vector<FirewallRule> rules, bool translates = true) {
  Firewall firewall;
  firewall.rules = std::move(rules);
  firewall.udpIdleTimeout = Duration::s(30);
  firewall.tcpIdleTimeout = Duration::s(3600);
  if (translates) firewall.nat = nat();
  Device device;
  device.kind = firewall;
  return device;
}

// hq (Amsterdam, uplink 4 ms, firewall with NAT that lets media and web out) and its branch by a
// WAN link of 9 ms; home (Amsterdam, uplink 8 ms, NAT); the Internet at 1.5 times the distance, at
// least 2 ms.
inline Topology contoso() {
  Topology made;
  made.name = "contoso";
  Site hq = site(amsterdam, Duration::ms(4));
  hq.subnets = {{ip(10, 1, 0, 0), 16}};
  hq.perimeter = {"hq-firewall"};
  Site small = branch(dublin, "hq", Duration::ms(9));
  small.subnets = {{ip(10, 2, 0, 0), 16}};
  Site home = site(amsterdam, Duration::ms(8));
  home.remote = true;
  home.perimeter = {"home-router"};
  made.sites = {{"hq", hq}, {"branch", small}, {"home", home}};
  made.devices = {{"hq-firewall", firewallDevice({allowAzureUdp(), allowWeb(), denyAll()})},
                  {"home-router", natDevice()}};
  made.internet.stretch = 1.5;
  made.internet.minimumDelay = Duration::ms(2);
  made.internet.jitter.mean = Duration::us(500);
  made.internet.loss.mean = Ratio::ppb(1'000'000);
  made.azure.regions = {"westeurope", "eastus"};
  return made;
}

inline Participant who(const std::string& name, const std::string& site_name) {
  return {name, site_name, {}};
}

inline Call call(std::vector<Participant> participants, CallKind kind = CallKind::oneToOne) {
  Call made;
  made.name = "standup";
  made.kind = kind;
  made.participants = std::move(participants);
  made.paths = {PathKind::direct, PathKind::relayUdp, PathKind::relayTcp};
  return made;
}

}  // namespace callflow::topology::testing
