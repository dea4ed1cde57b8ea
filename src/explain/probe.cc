#include "src/explain/probe.h"

#include <algorithm>
#include <string_view>

#include "models/fabric/lay_route.h"

namespace callflow::explain {
namespace {

using topology::ElementId;

fabric::NodeId nodeOf(ElementId element) {
  return static_cast<fabric::NodeId>(index(element));
}

}  // namespace

bool Refusal::sameCause(const Refusal& refusal) const {
  return kind == refusal.kind && element == refusal.element && other == refusal.other &&
         reason == refusal.reason &&
         (kind != Kind::nobody || header.destination.address == refusal.header.destination.address);
}

QuietNetwork::QuietNetwork(const topology::NetworkGraph& graph, const topology::Topology& topology)
    : graph_(graph), fabric_(clock_.simulator()) {
  std::map<std::string_view, const topology::Device*> byName;
  for (const auto& [name, device] : topology.devices) byName.emplace(name, &device);
  for (const topology::Element& element : graph.elements()) {
    const fabric::NodeId node = fabric_.addNode(element.name);
    for (const auto protocol : {fabric::Protocol::udp, fabric::Protocol::tcp})
      fabric_.bind(node, protocol, 0, this);
    if (element.kind == topology::ElementKind::device)
      devices_[element.id].device = byName.at(element.device);
  }
  for (const topology::DirectedLink& link : graph.links()) {
    fabric::LinkParameters quiet;
    quiet.delay = link.parameters.delay;
    const auto side = topology::fromInside(link) ? fabric::Side::inside : fabric::Side::outside;
    fabric_.addLink(nodeOf(link.from), nodeOf(link.to), quiet, toText(link), side);
  }
  for (const auto& [element, device] : devices_) place(element);
  fabric_.addDropObserver(this);
}

QuietNetwork::~QuietNetwork() = default;

void QuietNetwork::place(ElementId element) {
  Device& device = devices_.at(element);
  device.box = topology::BoxKinds::make(device.device->kind,
                                        {.outside = fabric::Ipv4{graph_.element(element).address}});
  device.met = false;
  fabric_.setBox(nodeOf(element), device.box.get());
}

void QuietNetwork::forget() {
  for (const auto& [element, device] : devices_)
    if (device.met) place(element);
}

Fate QuietNetwork::send(const topology::Route& route, fabric::Header5 header,
                        fabric::Endpoint goal) {
  route_ = &route;
  goal_ = goal;
  fate_ = {.refusal = {.kind = Refusal::Kind::nobody}};
  std::vector<fabric::LinkId> links;
  for (const topology::DirectedLinkId id : route) {
    links.push_back(static_cast<fabric::LinkId>(index(id)));
    const auto met = devices_.find(graph_.link(id).to);
    if (met != devices_.end()) met->second.met = true;
  }
  const auto translatorAt = [&](fabric::LinkId id) -> fabric::Translator {
    const topology::DirectedLink& link = graph_.link(topology::DirectedLinkId{index(id)});
    if (topology::fromInside(link) || devices_.count(link.to) == 0) return {};
    return {nodeOf(link.to), fabric::Ipv4{graph_.element(link.to).address}};
  };
  fabric::Packet packet;
  packet.setHeader(header);
  if (route.empty()) {
    fate_.header = header;
    fate_.delivered = header.destination == goal;
  } else {
    const fabric::NodeId from = nodeOf(graph_.link(route.front()).from);
    const fabric::RouteId first =
        fabric::layRoute(fabric_, from, links, goal.address, translatorAt);
    fabric_.send(from, packet, first);
    clock_.run();
  }
  if (fate_.refusal.kind == Refusal::Kind::nobody) fate_.refusal.header = fate_.header;
  return fate_;
}

void QuietNetwork::onPacket(fabric::PacketId, fabric::Packet& packet, TimePoint) {
  fate_.header = packet.header();
  fate_.delivered = fate_.header.destination == goal_;
}

void QuietNetwork::onDrop(const fabric::Drop& drop) {
  fate_.header = drop.packet.header();
  if (drop.cause != fabric::DropCause::box) return;
  const ElementId element{index(drop.node)};
  const auto arrival = std::find_if(route_->begin(), route_->end(),
                                    [&](auto id) { return graph_.link(id).to == element; });
  fate_.refusal = {
      .kind = Refusal::Kind::box,
      .element = element,
      .header = drop.packet.header(),
      .outbound = arrival != route_->end() && topology::fromInside(graph_.link(*arrival)),
      .reason = devices_.at(element).box->describeReason(drop.reason)};
}

}  // namespace callflow::explain
