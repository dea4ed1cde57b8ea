#include "src/network/reach.h"

#include <algorithm>
#include <utility>

namespace callflow::network {

using topology::Element;
using topology::ElementId;

Reach::Reach(Network& network) : network_(network) {
  for (const Element& element : network.graph().elements())
    if (element.address != 0) owners_.emplace(fabric::Ipv4{element.address}, element.id);
}

void Reach::layRoute(fabric::NodeId from, fabric::Ipv4 address, fabric::NodeId towards) {
  asked_.push_back({from, address, towards});
  const ElementId sender{index(from)}, receiver{index(towards)};
  if (towards == fabric::kNoNode) {
    if (layToOwner(sender, address)) return;
  } else {
    // The address is of one of the receiver's interfaces.
    std::vector<ElementId> interfaces = network_.graph().companions(receiver);
    interfaces.insert(interfaces.begin(), receiver);
    for (const ElementId each : interfaces)
      if (layTo(sender, address, each)) return;
    for (const ElementId each : interfaces)
      if (layThrough(sender, address, each)) return;
    for (const ElementId each : interfaces)
      if (layAstray(sender, address, each)) return;
  }
  layToInternet(sender, address);
}

void Reach::layAgain() {
  routes_.clear();
  for (const Asked& each : std::exchange(asked_, {}))
    layRoute(each.from, each.address, each.towards);
}

void Reach::lay(const topology::Route& route, ElementId from, fabric::Ipv4 address,
                std::optional<fabric::Ipv4> hidden) {
  network_.addRoute(route, from, hidden.value_or(address));
  routes_[{from, address}] = route;
}

const topology::Route* Reach::routeOf(fabric::NodeId from, fabric::Ipv4 address) const {
  const auto found = routes_.find({ElementId{index(from)}, address});
  return found == routes_.end() ? nullptr : &found->second;
}

const Element* Reach::ownerOf(fabric::Ipv4 address) const {
  auto after = owners_.upper_bound(address);
  if (after == owners_.begin()) return nullptr;
  const Element& element = network_.graph().element((--after)->second);
  const bool one = element.addresses <= 1;
  return address.value == element.address || (!one && stands(element, address)) ? &element
                                                                                : nullptr;
}

// Nobody is known there: as far as whoever shows the address, which knows best what is behind it.
bool Reach::layToOwner(ElementId from, fabric::Ipv4 address) {
  const Element* const owner = ownerOf(address);
  if (owner == nullptr) return false;
  if (owner->kind != topology::ElementKind::device) return layTo(from, address, owner->id);
  // What a tunnel takes in does not get there outside of it.
  if (tunnelTaking(from, address) != nullptr) return false;
  const topology::NetworkGraph& graph = network_.graph();
  const auto route = graph.route(from, owner->id);
  if (!route || route->empty() || topology::fromInside(graph.link(route->back()))) return false;
  lay(*route, from, address);
  return true;
}

// It is one of the addresses that a device shows.
bool Reach::stands(const Element& element, fabric::Ipv4 address) const {
  return element.translates && address.value >= element.address &&
         address.value < element.address + static_cast<std::uint32_t>(element.addresses);
}

// The way to the receiver, if what a sender calls it there is this address.
bool Reach::layTo(ElementId from, fabric::Ipv4 address, ElementId towards) {
  const topology::NetworkGraph& graph = network_.graph();
  const auto route = graph.route(from, towards);
  if (!route) return false;
  const fabric::Ipv4 own{graph.element(towards).address};
  bool hidden = false;   // behind a device that shows another address
  bool shown = false;    // by the first of them
  bool outside = false;  // it has crossed the Internet
  for (std::size_t i = 0; i < route->size() && !hidden; ++i) {
    const topology::DirectedLink& link = graph.link((*route)[i]);
    const Element& at = graph.element(link.to);
    outside = outside || link.kind == topology::LinkKind::internet;
    const bool enters = !topology::fromInside(link) || topology::turnsAt(graph, *route, i);
    if (!enters || !at.translates) continue;
    hidden = true;
    // Out there nobody knows a VPN's addresses, unless its gateway lets them out untranslated.
    const bool unknown = outside && at.part == fabric::BoxPart::client && translated(towards, from);
    shown = stands(at, address) && !unknown;
  }
  if (hidden ? !shown : address != own) return false;
  lay(*route, from, address, own);
  return true;
}

// Beyond the receiver's own tunnel, packets from there leave under another address.
bool Reach::translated(ElementId from, ElementId to) const {
  const topology::NetworkGraph& graph = network_.graph();
  const auto route = graph.route(from, to);
  if (!route) return true;
  for (const topology::DirectedLinkId id : *route) {
    const topology::DirectedLink& link = graph.link(id);
    const Element& at = graph.element(link.to);
    if (link.kind == topology::LinkKind::internet) return false;
    if (topology::fromInside(link) && at.translates && at.part != fabric::BoxPart::client)
      return true;
  }
  return false;
}

// The receiver is behind a device that stands elsewhere than on the way to it: outside of a tunnel
// that both are in.
bool Reach::layThrough(ElementId from, fabric::Ipv4 address, ElementId towards) {
  const topology::NetworkGraph& graph = network_.graph();
  const Element* const owner = ownerOf(address);
  if (owner == nullptr || owner->kind != topology::ElementKind::device) return false;
  const auto inside = graph.route(owner->id, towards);
  if (!inside || !layToOwner(from, address)) return false;
  network_.addRoute(*inside, owner->id, fabric::Ipv4{graph.element(towards).address});
  topology::Route& whole = routes_[{from, address}];
  whole.insert(whole.end(), inside->begin(), inside->end());
  return true;
}

const topology::TunnelPlace* Reach::tunnelTaking(ElementId from, fabric::Ipv4 address) const {
  for (const topology::TunnelPlace& tunnel : network_.graph().tunnels())
    if (tunnel.participant == from)
      return network_.entersTunnel(tunnel, address) ? &tunnel : nullptr;
  return nullptr;
}

// The receiver sends through the device that shows this address, and is answered by a way that
// leads elsewhere.
bool Reach::layAstray(ElementId from, fabric::Ipv4 address, ElementId towards) {
  const topology::NetworkGraph& graph = network_.graph();
  const Element* const owner = ownerOf(address);
  if (owner == nullptr || owner->kind != topology::ElementKind::device) return false;
  const auto out = graph.route(towards, from), back = graph.route(from, towards);
  if (!out || !back || back->empty()) return false;
  const auto passes = [&](const topology::Route& route) {
    return std::any_of(route.begin(), route.end(),
                       [&](auto id) { return graph.link(id).to == owner->id; });
  };
  if (!passes(*out) || passes(*back)) return false;
  lay(*back, from, address, fabric::Ipv4{graph.element(towards).address});
  return true;
}

// Into the sender's tunnel, if that takes such addresses in, and out where its gateway's site
// leaves.
bool Reach::layThroughTunnel(ElementId from, fabric::Ipv4 address) {
  const topology::NetworkGraph& graph = network_.graph();
  const topology::TunnelPlace* const tunnel = tunnelTaking(from, address);
  if (tunnel == nullptr) return false;
  const auto exit = graph.egress(tunnel->inside);
  const auto rest = exit ? graph.route(tunnel->inside, *exit) : std::nullopt;
  topology::Route route;
  for (const topology::DirectedLink& link : graph.links())
    if (link.from == from && link.to == tunnel->client) route.push_back(link.id);
  if (!rest || route.empty()) return false;
  route.push_back(tunnel->up);
  route.insert(route.end(), rest->begin(), rest->end());
  lay(route, from, address);
  return true;
}

// Asked for in the local network, where nobody has it.
bool Reach::layAtHome(ElementId from, fabric::Ipv4 address) {
  const topology::NetworkGraph& graph = network_.graph();
  const Element& sender = graph.element(from);
  if (sender.kind != topology::ElementKind::participant || !network_.isOnLink(from, address))
    return false;
  const auto site = graph.find(sender.site);
  const auto route = site ? graph.route(from, *site) : std::nullopt;
  if (!route || route->empty()) return false;
  lay(*route, from, address);
  return true;
}

void Reach::layToInternet(ElementId from, fabric::Ipv4 address) {
  if (layAtHome(from, address)) return;
  if (layThroughTunnel(from, address)) return;
  const topology::NetworkGraph& graph = network_.graph();
  const auto exit = graph.egress(from);
  if (!exit) return;
  if (const auto route = graph.route(from, *exit); route && !route->empty())
    lay(*route, from, address);
}

}  // namespace callflow::network
