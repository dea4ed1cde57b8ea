#include "src/explain/probe.h"

#include "src/explain/policies.h"

namespace callflow::explain {
namespace {

struct Judgement {
  bool pass = false;
  fabric::Header5 header;
  std::string reason;
};

}  // namespace

BoxPolicies::BoxPolicies(const topology::NetworkGraph& graph, const topology::Topology& topology) {
  std::map<std::string_view, const topology::Device*> devices;
  for (const auto& [name, device] : topology.devices) devices.emplace(name, &device);
  for (const topology::Element& element : graph.elements()) {
    if (element.kind != topology::ElementKind::device) continue;
    const topology::Device& device = *devices.at(element.device);
    const fabric::Ipv4 outside{element.address};
    if (const auto* firewall = std::get_if<topology::Firewall>(&device.kind)) {
      policies_.emplace(element.id, gatewayPolicy(*firewall, outside));
    } else {
      policies_.emplace(element.id, natPolicy(std::get<topology::Nat>(device.kind), outside));
    }
  }
}

const BoxPolicies::Policy* BoxPolicies::find(topology::ElementId element) const {
  const auto found = policies_.find(element);
  return found == policies_.end() ? nullptr : &found->second;
}

Fate Prober::send(const topology::Route& route, fabric::Header5 header, fabric::Endpoint goal) {
  Fate fate;
  for (const topology::DirectedLinkId id : route) {
    const topology::DirectedLink& link = graph_->link(id);
    now_ += link.parameters.delay;
    const BoxPolicies::Policy* policy = policies_->find(link.to);
    if (policy == nullptr) continue;
    State& state = states_[link.to];
    const bool outbound = topology::fromInside(link);
    Judgement judgement;
    if (const auto* gateway = std::get_if<firewall::GatewayPolicy>(policy)) {
      const auto side = outbound ? firewall::Direction::out : firewall::Direction::in;
      const auto verdict = firewall::decide(*gateway, state.gateway, side, header, now_);
      judgement = {verdict.pass, verdict.header, firewall::describe(*gateway, verdict)};
    } else {
      const auto& nat = std::get<nat::Policy>(*policy);
      const auto verdict = outbound ? nat::translateOut(nat, state.nat, header, now_)
                                    : nat::translateIn(nat, state.nat, header, now_);
      judgement = {verdict.pass, verdict.header, nat::describe(verdict)};
    }
    if (!judgement.pass) {
      fate.refused_outbound = outbound;
      fate.refusal = graph_->element(link.to).name + " refuses " + fabric::toText(header) + ": " +
                     judgement.reason;
      return fate;
    }
    header = judgement.header;
  }
  fate.header = header;
  fate.delivered = header.destination == goal;
  if (!fate.delivered) {
    fate.refusal = "nobody at the end of the route has the address " +
                   fabric::toText(header.destination.address);
  }
  return fate;
}

}  // namespace callflow::explain
