#include "src/explain/signaling_reach.h"

#include <optional>
#include <utility>

#include "models/fabric/own_clock.h"
#include "models/wire/address_range.h"
#include "models/wire/service.h"
#include "src/network/network.h"

namespace callflow::explain {
namespace {

using topology::ElementId;
using topology::NetworkGraph;

// As a call's first client has it.
constexpr std::uint16_t kClientPort = 50000;

// Nothing: it gets there, and its answer back; or there is no way, of which other rules tell.
std::optional<Refusal> exchange(network::Network& network, ElementId from) {
  const NetworkGraph& graph = network.graph();
  const auto server = graph.signaling(from);
  if (!server) return std::nullopt;
  const auto out = graph.route(from, *server);
  const auto back = graph.route(*server, from);
  if (!out || !back) return std::nullopt;
  network.forget();
  return tryExchange(network, *out, *back, {wire::Ipv4{graph.element(from).address}, kClientPort},
                     {wire::Ipv4{graph.element(*server).address}, wire::kSignalingPort},
                     wire::Protocol::tcp);
}

}  // namespace

std::vector<SignalingRefusal> trySignaling(const NetworkGraph& graph,
                                           const topology::Topology& topology,
                                           const topology::Call& call) {
  std::vector<SignalingRefusal> refused;
  fabric::OwnClock clock;
  network::Network network(clock.simulator(), graph, topology);
  // Rules may hold at times only.
  clock.advanceTo(TimePoint::at(call.start));
  for (const topology::Participant& who : call.participants) {
    if (who.telephone != topology::Telephone::none) continue;
    const ElementId from = graph.participant(who).value();
    auto refusal = exchange(network, from);
    const auto proxy = graph.proxy(from);
    // Whoever looks into the web's TLS finds it here.
    if (refusal && proxy &&
        wire::contains(graph.element(*proxy).connectPorts, wire::kSignalingPort))
      refusal = exchange(network, *proxy);
    if (refusal) refused.push_back({from, std::move(*refusal)});
  }
  return refused;
}

void addSignalingRefusals(const NetworkGraph& graph, const topology::Topology& topology,
                          const topology::Call& call, CallPlan& plan) {
  if (plan.signaling.empty()) return;
  for (const SignalingRefusal& each : trySignaling(graph, topology, call))
    for (Signaling& signaling : plan.signaling)
      if (signaling.participant == each.participant) signaling.refused = words(graph, each.refusal);
}

}  // namespace callflow::explain
