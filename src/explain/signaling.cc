#include "src/explain/signaling.h"

#include <optional>
#include <variant>

#include "models/vpn/parameters.h"
#include "models/wire/address_range.h"

namespace callflow::explain {
namespace {

using topology::ElementId;

// The tunnel that a participant's signaling takes.
std::optional<topology::TunnelPlace> tunnelOf(const topology::NetworkGraph& graph,
                                              const topology::Topology& topology,
                                              ElementId participant) {
  for (const topology::TunnelPlace& place : graph.tunnels()) {
    if (place.participant != participant) continue;
    const std::string& name = graph.element(place.gateway).device;
    for (const auto& [device, parameters] : topology.devices) {
      if (device != name) continue;
      const auto* const vpn = std::get_if<vpn::Vpn>(&parameters.kind);
      if (vpn != nullptr && vpn::enters(*vpn, wire::kSignalingRanges[0].address)) return place;
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<Signaling> signalingOf(const topology::NetworkGraph& graph,
                                   const topology::Topology& topology, const topology::Call& call) {
  std::vector<Signaling> all;
  for (const topology::Participant& who : call.participants) {
    if (who.telephone != topology::Telephone::none) continue;
    const ElementId participant = graph.participant(who).value();
    const auto tunnel = tunnelOf(graph, topology, participant);
    // Sites are in no tunnel: the way on from there is that of what is not in one, or has left it.
    const std::string& site = graph.element(tunnel ? tunnel->inside : participant).site;
    const auto from = graph.find(site);
    const auto server = graph.signaling(participant);
    const auto region = server ? graph.region(graph.element(*server).site) : std::nullopt;
    const auto way = from && region ? graph.route(*from, *region) : std::nullopt;
    if (!way) continue;
    FlowLabels flows = flowLabels(graph, *from, *region, *way);
    if (tunnel) flows.insert(flows.begin(), FlowLabel::flow2Prime);
    all.push_back({participant, *region, std::move(flows)});
  }
  return all;
}

}  // namespace callflow::explain
