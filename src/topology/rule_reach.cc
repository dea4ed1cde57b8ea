#include "src/topology/rule_reach.h"

#include <algorithm>
#include <optional>

#include "models/wire/address_text.h"
#include "src/topology/place_addresses.h"

namespace callflow::topology {
namespace {

// More pairs of places would keep the user waiting; nothing is said of such networks.
constexpr std::size_t kMostPairs = 20'000;
constexpr std::size_t kMostShown = 4;  // kinds of crossings told of

bool contains(const Ipv4Prefix& outer, const Ipv4Prefix& inner) {
  return outer.length <= inner.length && outer.contains(inner.address);
}

bool holdsAll(const std::vector<Ipv4Prefix>& outer, std::span<const Ipv4Prefix> inner) {
  return std::all_of(inner.begin(), inner.end(), [&](const Ipv4Prefix& one) {
    return std::any_of(outer.begin(), outer.end(),
                       [&](const Ipv4Prefix& other) { return contains(other, one); });
  });
}

bool isAny(const RuleAddress& address) {
  const auto* prefix = std::get_if<Ipv4Prefix>(&address);
  return std::holds_alternative<AnyAddress>(address) || (prefix != nullptr && prefix->length == 0);
}

// What places are is not known here: each holds itself.
bool covers(const std::vector<RuleAddress>& outer, const std::vector<RuleAddress>& inner) {
  if (outer.empty() || std::any_of(outer.begin(), outer.end(), isAny)) return true;
  std::vector<Ipv4Prefix> known;
  for (const RuleAddress& each : outer)
    for (const Ipv4Prefix& prefix : wire::prefixesOf(each)) known.push_back(prefix);
  return !inner.empty() && std::all_of(inner.begin(), inner.end(), [&](const RuleAddress& one) {
    if (const auto* place = std::get_if<wire::Place>(&one)) {
      return std::any_of(outer.begin(), outer.end(), [&](const RuleAddress& other) {
        const auto* same = std::get_if<wire::Place>(&other);
        return same != nullptr && same->name == place->name;
      });
    }
    return !isAny(one) && holdsAll(known, wire::prefixesOf(one));
  });
}

bool covers(const std::vector<wire::Dscp>& outer, const std::vector<wire::Dscp>& inner) {
  if (outer.empty()) return true;
  return !inner.empty() && std::all_of(inner.begin(), inner.end(), [&](wire::Dscp mark) {
    return wire::contains(outer, mark);
  });
}

bool covers(const std::vector<PortRange>& outer, const std::vector<PortRange>& inner) {
  std::vector<PortRange> ranges = outer;
  if (ranges.empty()) return true;
  std::sort(ranges.begin(), ranges.end(),
            [](const PortRange& a, const PortRange& b) { return a.first < b.first; });
  const auto inside = [&](const PortRange& wanted) {
    std::uint32_t next = wanted.first;
    for (const PortRange& range : ranges)
      if (range.first <= next && range.last >= next) next = std::uint32_t{range.last} + 1;
    return next > wanted.last;
  };
  if (inner.empty()) return inside({0, 65535});
  return std::all_of(inner.begin(), inner.end(), inside);
}

std::string listed(const std::vector<Ipv4Prefix>& addresses) {
  if (addresses.empty()) return "any address";
  std::string text;
  for (const Ipv4Prefix& one : addresses) text += (text.empty() ? "" : " and ") + toText(one);
  return text;
}

}  // namespace

bool covers(const FirewallRule& earlier, const FirewallRule& later) {
  if (earlier.direction != later.direction || earlier.changes()) return false;
  if (earlier.protocol != RuleProtocol::any && earlier.protocol != later.protocol) return false;
  return covers(earlier.from, later.from) && covers(earlier.to, later.to) &&
         covers(earlier.ports, later.ports) && covers(earlier.dscp, later.dscp);
}

bool RuleReach::follows(const Topology& topology) {
  return topology.sites.size() * topology.sites.size() <= kMostPairs;
}

RuleReach::RuleReach(const NetworkGraph& graph, const Topology& topology)
    : graph_(graph), topology_(topology) {
  std::vector<ElementId> ends;
  for (const Element& element : graph.elements()) {
    // What comes out of a VPN's tunnels begins at the inside of its gateway.
    const bool tunnels = element.part == fabric::BoxPart::inside;
    if (element.kind != ElementKind::site && element.kind != ElementKind::azureRegion && !tunnels)
      continue;
    ends.push_back(element.id);
    ends_[element.id] = addressesOf(element.id);
  }
  complete_ = ends.size() * ends.size() <= kMostPairs;
  if (!complete_) return;
  for (const ElementId from : ends)
    for (const ElementId to : ends)
      if (from != to) follow(from, to);
}

RuleReach::Addresses RuleReach::addressesOf(ElementId end) const {
  const Element& element = graph_.element(end);
  if (element.kind == ElementKind::azureRegion) return {kAzureMediaRange};
  for (const auto& [name, device] : topology_.devices)
    if (const auto* vpn = std::get_if<vpn::Vpn>(&device.kind); vpn != nullptr)
      if (element.part == fabric::BoxPart::inside && name == element.device) return {vpn->clients};
  return topology::addressesOf(graph_, topology_, element.site);
}

bool RuleReach::overlaps(const std::vector<RuleAddress>& rule, const Addresses& addresses) const {
  if (rule.empty() || addresses.empty()) return true;
  return std::any_of(rule.begin(), rule.end(), [&](const RuleAddress& one) {
    // Signaling is not simulated, and a rule for it no mistake.
    if (isAny(one)) return true;
    const auto* service = std::get_if<Service>(&one);
    if (service != nullptr && *service == Service::acsSignaling) return true;
    const auto* place = std::get_if<wire::Place>(&one);
    Addresses wanted;
    if (place != nullptr)
      wanted = topology::addressesOf(graph_, topology_, place->name);
    else
      for (const Ipv4Prefix& prefix : wire::prefixesOf(one)) wanted.push_back(prefix);
    return std::any_of(wanted.begin(), wanted.end(), [&](const Ipv4Prefix& own) {
      return std::any_of(addresses.begin(), addresses.end(), [&](const Ipv4Prefix& other) {
        return contains(own, other) || contains(other, own);
      });
    });
  });
}

// Ahead of a NAT that the way enters from outside packets are addressed to the NAT, behind one that
// it leaves they come from it.
void RuleReach::follow(ElementId from, ElementId to) {
  const auto route = graph_.route(from, to);
  if (!route) return;
  std::vector<Addresses> toAt(route->size());
  Addresses target = ends_[to];
  for (std::size_t i = route->size(); i-- > 0;) {
    const DirectedLink& link = graph_.link((*route)[i]);
    const Element& there = graph_.element(link.to);
    toAt[i] = target;
    if (there.kind == ElementKind::device && there.translates && !fromInside(link))
      target = {{wire::Ipv4{there.address}, 32}};
  }
  Addresses source = ends_[from];
  for (std::size_t i = 0; i < route->size(); ++i) {
    const DirectedLink& link = graph_.link((*route)[i]);
    const Element& there = graph_.element(link.to);
    if (there.kind != ElementKind::device) continue;
    const bool out = fromInside(link);
    for (const auto& [name, device] : topology_.devices) {
      const auto* firewall = std::get_if<Firewall>(&device.kind);
      if (name == there.device && firewall != nullptr)
        cross(there, *firewall, {out ? RuleDirection::out : RuleDirection::in, source, toAt[i]});
    }
    if (out && there.translates) source = {{wire::Ipv4{there.address}, 32}};
  }
}

void RuleReach::cross(const Element& device, const Firewall& firewall, Crossing crossing) {
  for (std::size_t i = 0; i < firewall.rules.size(); ++i) {
    const FirewallRule& rule = firewall.rules[i];
    if (rule.direction == crossing.direction && overlaps(rule.from, crossing.from) &&
        overlaps(rule.to, crossing.to))
      met_.emplace(device.device, i);
  }
  const std::string text =
      listed(crossing.from) +
      (crossing.direction == RuleDirection::out ? " goes out to " : " comes in to ") +
      listed(crossing.to);
  std::vector<std::string>& known = crossings_[device.device];
  if (std::find(known.begin(), known.end(), text) == known.end()) known.push_back(text);
}

bool RuleReach::meets(const std::string& device, std::size_t rule) const {
  return !complete_ || met_.count({device, rule}) != 0;
}

std::string RuleReach::crossing(const std::string& device) const {
  const auto found = crossings_.find(device);
  if (found == crossings_.end()) return "there is nothing";
  std::string text;
  for (std::size_t i = 0; i < found->second.size() && i < kMostShown; ++i)
    text += (i == 0 ? "" : "; ") + found->second[i];
  if (found->second.size() > kMostShown) text += "; and more";
  return text;
}

}  // namespace callflow::topology
