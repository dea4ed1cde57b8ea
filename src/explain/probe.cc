#include "src/explain/probe.h"

#include <string_view>

namespace callflow::explain {

BoxPlans::BoxPlans(const topology::NetworkGraph& graph, const topology::Topology& topology)
    : graph_(graph) {
  std::map<std::string_view, const topology::Device*> byName;
  for (const auto& [name, device] : topology.devices) byName.emplace(name, &device);
  for (const topology::Element& element : graph.elements()) {
    if (element.kind == topology::ElementKind::device)
      devices_.emplace(element.id, byName.at(element.device));
  }
}

std::unique_ptr<fabric::Box> BoxPlans::make(topology::ElementId element) const {
  const auto found = devices_.find(element);
  if (found == devices_.end()) return nullptr;
  return topology::BoxKinds::make(found->second->kind,
                                  {.outside = fabric::Ipv4{graph_.element(element).address}});
}

bool Refusal::sameCause(const Refusal& refusal) const {
  return kind == refusal.kind && element == refusal.element && other == refusal.other &&
         reason == refusal.reason &&
         (kind != Kind::nobody || header.destination.address == refusal.header.destination.address);
}

fabric::Box* Prober::boxAt(topology::ElementId element) {
  const auto [found, isNew] = boxes_.try_emplace(element);
  if (isNew) found->second = plans_->make(element);
  return found->second.get();
}

Fate Prober::send(const topology::Route& route, fabric::Header5 header, fabric::Endpoint goal) {
  Fate fate;
  fabric::Packet packet;
  packet.setHeader(header);
  for (const topology::DirectedLinkId id : route) {
    const topology::DirectedLink& link = graph_->link(id);
    now_ += link.parameters.delay;
    fabric::Box* box = boxAt(link.to);
    if (box == nullptr) continue;
    const bool outbound = topology::fromInside(link);
    const fabric::Header5 asItCame = packet.header();
    const auto side = outbound ? fabric::Side::inside : fabric::Side::outside;
    const fabric::BoxResult result = box->process(packet, side, now_);
    if (result.action == fabric::BoxResult::Action::drop) {
      fate.refusal = {.kind = Refusal::Kind::box,
                      .element = link.to,
                      .header = asItCame,
                      .outbound = outbound,
                      .reason = box->describeReason(result.reason)};
      return fate;
    }
    now_ += result.hold;
  }
  fate.header = packet.header();
  fate.delivered = fate.header.destination == goal;
  if (!fate.delivered) fate.refusal = {.kind = Refusal::Kind::nobody, .header = fate.header};
  return fate;
}

}  // namespace callflow::explain
