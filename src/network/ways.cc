// Which way packets take: routes through boxes that translate, answers that go astray, and routes
// that change while the network runs.
#include <utility>

#include "src/network/network.h"

namespace callflow::network {

using topology::ElementId;
using topology::ElementKind;

namespace {

bool isAzures(const topology::Element& element) {
  return !element.own &&
         (element.kind == ElementKind::relay || element.kind == ElementKind::mediaProcessor ||
          element.kind == ElementKind::signaling);
}

}  // namespace

// Who sends back inside through a NAT addresses the NAT, too (hairpinning).
fabric::Translator Network::translatorAt(const topology::Route& route, std::size_t at) const {
  const topology::DirectedLink& link = graph_->link(route[at]);
  const bool hides = !topology::fromInside(link) || topology::turnsAt(*graph_, route, at);
  const topology::Element& element = graph_->element(link.to);
  if (!hides || !element.translates) return {};
  return {node(link.to), fabric::Ipv4{element.address},
          static_cast<std::uint32_t>(element.addresses)};
}

fabric::Translator Network::addressed(const topology::Route& route, fabric::Ipv4 end) const {
  for (std::size_t i = 0; i < route.size(); ++i)
    if (const fabric::Translator hides = translatorAt(route, i); hides.address != fabric::Ipv4{})
      return hides;
  return {fabric::kNoNode, end, 1};
}

fabric::Translator Network::seenAlong(const topology::Route& route) const {
  fabric::Translator seen{
      fabric::kNoNode, fabric::Ipv4{graph_->element(graph_->link(route.front()).from).address}, 1};
  for (const topology::DirectedLinkId id : route) {
    const topology::DirectedLink& link = graph_->link(id);
    const topology::Element& element = graph_->element(link.to);
    if (topology::fromInside(link) && element.translates)
      seen = {node(link.to), fabric::Ipv4{element.address},
              static_cast<std::uint32_t>(element.addresses)};
  }
  return seen;
}

fabric::RouteId Network::addRoute(const topology::Route& route, ElementId from,
                                  fabric::Ipv4 destination) {
  std::vector<fabric::LinkId> links;
  for (const topology::DirectedLinkId id : route) links.push_back(linkOf(id));
  const fabric::RouteId laid =
      fabric::layRoute(fabric_, node(from), links, destination,
                       [&](std::size_t i) { return translatorAt(route, i); });
  if (peers_ && !route.empty()) ways_[{from, graph_->link(route.back()).to, destination}] = route;
  if (strays_ && route.size() > 1 && isAzures(graph_->element(from)))
    layStray(route, from, destination);
  return laid;
}

// No box on the route knows the address. One that keeps state refuses it; what passes all of them
// is lost in the local network, as it is nobody's there.
void Network::layStray(const topology::Route& route, ElementId from, fabric::Ipv4 destination) {
  const auto out = graph_->route(graph_->link(route.back()).to, from);
  if (!out || out->empty()) return;
  const fabric::Translator seen = seenAlong(*out);
  if (seen.address == addressed(route, destination).address) return;
  std::vector<fabric::LinkId> links;
  for (std::size_t i = 0; i + 1 < route.size(); ++i) {
    links.push_back(linkOf(route[i]));
    if (translatorAt(route, i).address != fabric::Ipv4{}) break;
  }
  const fabric::RouteId way = fabric_.addRoute(links);
  for (std::uint32_t i = 0; i < seen.addresses; ++i)
    fabric_.setRoute(node(from), fabric::Ipv4{seen.address.value + i}, way);
}

void Network::reroute(topology::NetworkGraph graph) {
  const topology::NetworkGraph& before = *graph_;
  strays_ = true;
  later_.push_back(std::make_unique<const topology::NetworkGraph>(std::move(graph)));
  graph_ = later_.back().get();
  for (const auto& [ends, way] : std::exchange(ways_, {})) {
    const auto& [from, to, destination] = ends;
    const auto usual = before.route(from, to);
    const auto now = graph_->route(from, to);
    // Ways into tunnels, and others that were put together, stay.
    const bool follows = usual == way && now;
    addRoute(follows ? *now : way, from, destination);
  }
}

}  // namespace callflow::network
