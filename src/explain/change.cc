#include "src/explain/change.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "models/wire/address_text.h"
#include "models/wire/service.h"

namespace callflow::explain {
namespace {

using fabric::Cause;
using topology::Element;
using topology::ElementId;
using topology::ElementKind;
using topology::NetworkGraph;
using topology::Topology;

// Marks rules that were put in: no file has such a line.
constexpr int kPutIn = -1;

// A device and what it has, of a network that is looked at or changed: null if it has none.
template <class Network>
auto& deviceIn(Network& topology, const std::string& name) {
  return std::find_if(topology.devices.begin(), topology.devices.end(),
                      [&](const auto& each) { return each.first == name; })
      ->second;
}

template <class Any>
auto rulesOf(Any& device) -> decltype(&std::get<firewall::Firewall>(device.kind).rules) {
  if (auto* const wall = std::get_if<firewall::Firewall>(&device.kind)) return &wall->rules;
  if (auto* const vpn = std::get_if<vpn::Vpn>(&device.kind)) return &vpn->rules;
  return nullptr;
}

template <class Any>
auto natOf(Any& device) -> decltype(std::get_if<nat::Nat>(&device.kind)) {
  if (auto* const nat = std::get_if<nat::Nat>(&device.kind)) return nat;
  if (auto* const wall = std::get_if<firewall::Firewall>(&device.kind))
    return wall->nat ? &*wall->nat : nullptr;
  return nullptr;
}

// ---- rules --------------------------------------------------------------------------------------

// As a rule names it: azure, a server, a NAT, somebody's site, or the address.
wire::AddressRange rangeOf(const NetworkGraph& graph, wire::Ipv4 address) {
  if (wire::kAzureMediaRange.contains(address)) return wire::Service::azure;
  if (wire::contains(wire::kSignalingRanges, address)) return wire::Service::acsSignaling;
  for (const Element& each : graph.elements()) {
    if (each.address == 0 || address.value < each.address ||
        address.value - each.address >= static_cast<std::uint32_t>(each.addresses))
      continue;
    if (each.kind == ElementKind::device) {
      if (each.part != fabric::BoxPart::inside) return wire::Place{each.device};
      continue;
    }
    return wire::Place{each.kind == ElementKind::participant ? each.site : each.name};
  }
  return wire::Prefix{address, 32};
}

// The ports that such servers listen at, where one of them is asked for.
std::vector<wire::PortRange> portsFor(const NetworkGraph& graph, const wire::Header5& header) {
  const std::uint16_t port = header.destination.port;
  for (const Element& each : graph.elements()) {
    const bool server = each.kind == ElementKind::relay ||
                        each.kind == ElementKind::mediaProcessor || each.kind == ElementKind::sbc ||
                        each.kind == ElementKind::signaling;
    if (!server || each.address != header.destination.address.value) continue;
    // STUN and TURN of the service (Microsoft, "Prepare your organization's network for Azure
    // Communication Services").
    const auto& ports = wire::kRelayUdpPorts;
    if (port >= ports.front() && port <= ports.back() && !each.own)
      return {{ports.front(), ports.back()}};
    if (port >= each.ports.first && port <= each.ports.last) return {each.ports};
    return {{port, port}};
  }
  return {};
}

std::string textOf(const firewall::Rule& rule) {
  std::string text = "{allow: ";
  text += rule.protocol == wire::RuleProtocol::udp ? "udp" : "tcp";
  if (rule.direction == firewall::Direction::in) text += ", direction: in";
  if (!rule.from.empty()) text += ", from: " + wire::toText(rule.from.front());
  if (!rule.to.empty()) text += ", to: " + wire::toText(rule.to.front());
  if (!rule.ports.empty()) text += ", ports: " + wire::toText(rule.ports.front());
  return text + "}";
}

firewall::Rule ruleFor(const NetworkGraph& graph, const Refusal& refusal) {
  firewall::Rule rule;
  rule.protocol = refusal.header.protocol == wire::Protocol::udp ? wire::RuleProtocol::udp
                                                                 : wire::RuleProtocol::tcp;
  if (refusal.outbound) {
    rule.to = {rangeOf(graph, refusal.header.destination.address)};
    rule.ports = portsFor(graph, refusal.header);
  } else {
    rule.direction = firewall::Direction::in;
    rule.from = {rangeOf(graph, refusal.header.source.address)};
  }
  rule.pos.line = kPutIn;
  rule.text = textOf(rule);
  return rule;
}

std::string rulesText(const std::vector<firewall::Rule>& rules) {
  std::string text;
  for (const firewall::Rule& rule : rules) text += (text.empty() ? "" : ", ") + rule.text;
  return "[" + text + "]";
}

// So many of the rules are not put in.
std::size_t writtenBefore(const std::vector<firewall::Rule>& rules, std::size_t number) {
  return static_cast<std::size_t>(
      std::count_if(rules.begin(), rules.begin() + static_cast<std::ptrdiff_t>(number),
                    [](const firewall::Rule& rule) { return rule.pos.line != kPutIn; }));
}

// Behind so many that were written, and what was put in there before.
void putIn(std::vector<firewall::Rule>& rules, std::size_t written, const firewall::Rule& rule) {
  std::size_t at = 0;
  for (std::size_t seen = 0; at < rules.size(); ++at) {
    const bool isWritten = rules[at].pos.line != kPutIn;
    if (isWritten && seen == written) break;
    seen += isWritten ? 1 : 0;
  }
  rules.insert(rules.begin() + static_cast<std::ptrdiff_t>(at), rule);
}

std::optional<Change> letThrough(const NetworkGraph& graph, const Topology& topology,
                                 const Refusal& refusal) {
  const std::string& device = graph.element(refusal.element).device;
  const std::vector<firewall::Rule>* const rules = rulesOf(deviceIn(topology, device));
  if (rules == nullptr) return {};
  const bool byRule = refusal.ground.cause == Cause::rule || refusal.ground.cause == Cause::notTls;
  const std::size_t number = byRule ? refusal.ground.rule : rules->size();
  const std::size_t written = writtenBefore(*rules, number);
  const firewall::Rule rule = ruleFor(graph, refusal);
  // What the same rule did not mend before, it will not now.
  if (std::any_of(rules->begin(), rules->end(), [&](const firewall::Rule& each) {
        return each.pos.line == kPutIn && each.text == rule.text;
      }))
    return {};
  const std::string where =
      byRule ? " before rule " + std::to_string(written + 1) : std::string(" behind its rules");
  return Change{rule.text + " at " + device + (rules->empty() ? "" : where),
                [device, written, rule](Topology& changed) {
                  putIn(*rulesOf(deviceIn(changed, device)), written, rule);
                },
                {{"devices." + device + ".rules", [device](const Topology& changed) {
                    return rulesText(*rulesOf(deviceIn(changed, device)));
                  }}}};
}

// ---- NATs ---------------------------------------------------------------------------------------

using EditNat = std::function<void(nat::Nat&)>;

Change ofNat(const Topology& topology, const std::string& device, const std::string& key,
             const std::string& value, EditNat edit) {
  const bool beside = std::holds_alternative<firewall::Firewall>(deviceIn(topology, device).kind);
  const std::string path = "devices." + device + (beside ? ".nat." : ".") + key;
  return {key + ": " + value + " of the NAT " + device,
          [device, edit = std::move(edit)](Topology& changed) {
            edit(*natOf(deviceIn(changed, device)));
          },
          {{path, [value](const Topology&) { return value; }}}};
}

constexpr const char* kIndependent = "endpoint-independent";

void addMapping(std::vector<Change>& changes, const Topology& topology, const std::string& device) {
  const nat::Nat* const nat = natOf(deviceIn(topology, device));
  if (nat == nullptr || nat->oneToOne || nat->mapping == nat::Dependence::endpointIndependent)
    return;
  changes.push_back(ofNat(topology, device, "mapping", kIndependent, [](nat::Nat& changed) {
    changed.mapping = nat::Dependence::endpointIndependent;
  }));
}

void addFiltering(std::vector<Change>& changes, const Topology& topology,
                  const std::string& device) {
  const nat::Nat* const nat = natOf(deviceIn(topology, device));
  if (nat == nullptr || nat->filtering == nat::Dependence::endpointIndependent) return;
  const bool shared = nat->onCollision == nat::Collision::overload;
  changes.push_back(ofNat(topology, device, "filtering", kIndependent, [](nat::Nat& changed) {
    changed.filtering = nat::Dependence::endpointIndependent;
    // Shared ports need the remote endpoint to tell who a packet is for.
    if (changed.onCollision == nat::Collision::overload) changed.onCollision = nat::Collision::next;
  }));
  if (shared) {
    const std::string& path = changes.back().keys.front().key;
    const std::string beside = path.substr(0, path.rfind('.')) + ".on-collision";
    changes.back().keys.push_back({beside, [](const Topology&) { return std::string("next"); }});
    changes.back().what += " (and on-collision: next)";
  }
}

// That it lets in who is not known, and that those behind the others keep the port by which they
// are known.
void addNats(std::vector<Change>& changes, const NetworkGraph& graph, const Topology& topology,
             const Obstacle& obstacle) {
  const std::string& own = graph.element(obstacle.refusal.element).device;
  addFiltering(changes, topology, own);
  std::vector<std::string> devices{own};
  for (const ElementId from : obstacle.people) {
    for (const ElementId to : obstacle.people) {
      const auto route = graph.route(from, to);
      if (!route) continue;
      for (const topology::DirectedLinkId link : *route) {
        const Element& element = graph.element(graph.link(link).to);
        if (element.translates &&
            std::find(devices.begin(), devices.end(), element.device) == devices.end())
          devices.push_back(element.device);
      }
    }
  }
  for (const std::string& device : devices) addMapping(changes, topology, device);
}

// ---- tunnels and lines --------------------------------------------------------------------------

std::string rangesText(const std::vector<wire::AddressRange>& ranges) {
  std::string text;
  for (const wire::AddressRange& range : ranges)
    text += (text.empty() ? "" : ", ") + wire::toText(range);
  return "[" + text + "]";
}

// What is wanted goes around the VPN that somebody is in.
void addSplit(std::vector<Change>& changes, const NetworkGraph& graph, const Topology& topology,
              const Obstacle& obstacle) {
  const wire::Service wanted = obstacle.wanted;
  const wire::Prefix range =
      wanted == wire::Service::acsSignaling ? wire::kSignalingRanges[0] : wire::kAzureMediaRange;
  for (const topology::TunnelPlace& tunnel : graph.tunnels()) {
    if (tunnel.participant != obstacle.client) continue;
    const std::string& device = graph.element(tunnel.gateway).device;
    const auto& vpn = std::get<vpn::Vpn>(deviceIn(topology, device).kind);
    if (!vpn::enters(vpn, range.address)) continue;
    changes.push_back(
        {wire::toText(wire::AddressRange{wanted}) + " goes around the VPN " + device,
         [device, wanted](Topology& changed) {
           std::get<vpn::Vpn>(deviceIn(changed, device).kind).except.push_back(wanted);
         },
         {{"devices." + device + ".except", [device](const Topology& changed) {
             return rangesText(std::get<vpn::Vpn>(deviceIn(changed, device).kind).except);
           }}}});
  }
}

// A site that has an uplink of its own, and sends over its wan, sends there.
void addEgress(std::vector<Change>& changes, const NetworkGraph& graph, const Topology& topology,
               ElementId client) {
  const std::string& name = graph.element(client).site;
  for (const auto& [key, site] : topology.sites) {
    if (key != name || !site.uplink) continue;
    const bool backhauls = std::any_of(
        site.routes.begin(), site.routes.end(),
        [](const topology::SiteRoute& route) { return route.by == topology::RouteBy::wan; });
    if (!backhauls) continue;
    const auto leaveOut = [name](Topology& changed) {
      for (auto& [each, place] : changed.sites)
        if (each == name)
          std::erase_if(place.routes, [](const topology::SiteRoute& route) {
            return route.by == topology::RouteBy::wan;
          });
    };
    changes.push_back(
        {"nothing of " + name + " takes its wan instead of its uplink",
         leaveOut,
         {{(site.remote ? "remote." : "sites.") + name + ".routes",
           [name](const Topology& changed) {
             std::string text;
             for (const auto& [each, place] : changed.sites) {
               if (each != name) continue;
               for (const topology::SiteRoute& route : place.routes)
                 text +=
                     (text.empty() ? "" : ", ") + std::string("{to: ") + rangesText(route.to) +
                     ", by: " + (route.by == topology::RouteBy::peering ? "peering}" : "uplink}");
             }
             return "[" + text + "]";
           }}}});
  }
}

// That a site's proxy lets TURN over TLS through.
void addProxy(std::vector<Change>& changes, const NetworkGraph& graph, const Topology& topology,
              const Refusal& refusal) {
  const std::string& name = graph.element(refusal.element).site;
  const auto proxyOf = [name](Topology& changed) -> proxy::Proxy& {
    return std::find_if(changed.sites.begin(), changed.sites.end(),
                        [&](const auto& each) { return each.first == name; })
        ->second.proxy;
  };
  const auto site = std::find_if(topology.sites.begin(), topology.sites.end(),
                                 [&](const auto& each) { return each.first == name; });
  if (site == topology.sites.end()) return;
  const std::string path = (site->second.remote ? "remote." : "sites.") + name + ".proxy.";
  if (refusal.kind == Refusal::Kind::proxyOpens) {
    changes.push_back(
        {"the proxy of " + name + " leaves TLS to Azure alone (inspects-tls: false)",
         [proxyOf](Topology& changed) { proxyOf(changed).inspectsTls = false; },
         {{path + "inspects-tls", [](const Topology&) { return std::string("false"); }}}});
    return;
  }
  changes.push_back({"the proxy of " + name + " opens tunnels to port 443",
                     [proxyOf](Topology& changed) {
                       proxyOf(changed).ports.push_back({wire::kTurnTcpPort, wire::kTurnTcpPort});
                     },
                     {{path + "ports", [proxyOf](const Topology& changed) {
                         Topology copy = changed;
                         std::string text;
                         for (const wire::PortRange& range : proxyOf(copy).ports)
                           text += (text.empty() ? "" : ", ") + wire::toText(range);
                         return "[" + text + "]";
                       }}}});
}

void addOther(std::vector<Change>& changes, const NetworkGraph& graph, const Topology& topology,
              const Obstacle& obstacle) {
  const std::string& device = graph.element(obstacle.refusal.element).device;
  switch (obstacle.refusal.ground.cause) {
    case Cause::hairpin:
      changes.push_back(ofNat(topology, device, "hairpin", "true",
                              [](nat::Nat& changed) { changed.hairpin = true; }));
      break;
    case Cause::portsFull: {
      const std::int64_t now = natOf(deviceIn(topology, device))->addresses;
      const std::int64_t addresses = std::min<std::int64_t>(2 * now, 128);
      if (addresses == now) break;
      changes.push_back(ofNat(topology, device, "addresses", std::to_string(addresses),
                              [addresses](nat::Nat& changed) { changed.addresses = addresses; }));
      break;
    }
    case Cause::tableFull: {
      const auto& wall = std::get<firewall::Firewall>(deviceIn(topology, device).kind);
      const std::int64_t room = 2 * wall.stateTable.value_or(1);
      changes.push_back({"state-table: " + std::to_string(room) + " of " + device,
                         [device, room](Topology& changed) {
                           std::get<firewall::Firewall>(deviceIn(changed, device).kind).stateTable =
                               room;
                         },
                         {{"devices." + device + ".state-table",
                           [room](const Topology&) { return std::to_string(room); }}}});
      break;
    }
    default:
      break;
  }
}

}  // namespace

std::vector<Change> changesAgainst(const NetworkGraph& graph, const Topology& topology,
                                   const Obstacle& obstacle) {
  std::vector<Change> changes;
  if (obstacle.refusal.kind == Refusal::Kind::box) {
    switch (obstacle.refusal.ground.cause) {
      case Cause::rule:
      case Cause::byDefault:
      case Cause::notTls:
        if (auto change = letThrough(graph, topology, obstacle.refusal))
          changes.push_back(std::move(*change));
        break;
      case Cause::noMapping:
      case Cause::filtered:
        addNats(changes, graph, topology, obstacle);
        break;
      default:
        addOther(changes, graph, topology, obstacle);
        break;
    }
  }
  if (obstacle.refusal.kind == Refusal::Kind::proxyOpens ||
      obstacle.refusal.kind == Refusal::Kind::proxyPort)
    addProxy(changes, graph, topology, obstacle.refusal);
  addSplit(changes, graph, topology, obstacle);
  addEgress(changes, graph, topology, obstacle.client);
  return changes;
}

}  // namespace callflow::explain
