#include "src/explain/signaling_reach.h"

#include <utility>

#include "models/fabric/own_clock.h"
#include "models/wire/address_range.h"
#include "models/wire/service.h"
#include "src/network/network.h"

namespace callflow::explain {
namespace {

using topology::ElementId;
using topology::NetworkGraph;
using wire::Endpoint;
using wire::Protocol;

// As a call's first client has it.
constexpr std::uint16_t kClientPort = 50000;

constexpr const char* kSite = "signaling site";

// Nothing: it gets there, and its answer back; or there is no way, of which other rules tell.
std::optional<Refusal> exchange(network::Network& network, ElementId from, ElementId server) {
  const NetworkGraph& graph = network.graph();
  const auto out = graph.route(from, server);
  const auto back = graph.route(server, from);
  if (!out || !back) return std::nullopt;
  network.forget();
  const Endpoint client{wire::Ipv4{graph.element(from).address}, kClientPort};
  const Endpoint there{wire::Ipv4{graph.element(server).address}, wire::kTurnTcpPort};
  const network::Passage request = network.tryPacket(*out, {client, there, Protocol::tcp}, there);
  if (!request.delivered) return refusalOf(request);
  const network::Passage answer =
      network.tryPacket(*back, {there, request.header.source, Protocol::tcp}, client);
  return answer.delivered ? std::nullopt : std::optional(refusalOf(answer));
}

}  // namespace

topology::Topology withSignalingServer(topology::Topology topology) {
  topology::Site site;
  site.subnets = {{wire::kSignalingRanges[0].address, 24}};
  site.uplink = topology::Link{};
  if (!topology.sites.empty()) site.location = topology.sites.front().second.location;
  topology.sites.emplace_back(kSite, site);
  topology.servers.emplace_back(kSignalingServer, topology::Server{relay::Relay{}, kSite, {}});
  return topology;
}

SignalingTrial trySignaling(const topology::Topology& topology, const topology::Call& call) {
  const topology::Topology with = withSignalingServer(topology);
  SignalingTrial trial{NetworkGraph::ofCalls(with, {call}), {}};
  const NetworkGraph& graph = trial.graph;
  const ElementId server = graph.find(kSignalingServer).value();
  fabric::OwnClock clock;
  network::Network network(clock.simulator(), graph, with);
  // Rules may hold at times only.
  clock.advanceTo(TimePoint::at(call.start));
  for (const topology::Participant& who : call.participants) {
    if (who.telephone != topology::Telephone::none) continue;
    const ElementId from = graph.participant(who).value();
    auto refusal = exchange(network, from, server);
    const auto proxy = graph.proxy(from);
    // Whoever looks into the web's TLS finds it here.
    if (refusal && proxy && wire::contains(graph.element(*proxy).connectPorts, wire::kTurnTcpPort))
      refusal = exchange(network, *proxy, server);
    if (refusal) trial.refused.push_back({graph.element(from).name, from, std::move(*refusal)});
  }
  return trial;
}

void addSignalingRefusals(const NetworkGraph& graph, const topology::Topology& topology,
                          const topology::Call& call, CallPlan& plan) {
  if (plan.signaling.empty()) return;
  const SignalingTrial trial = trySignaling(topology, call);
  for (const SignalingRefusal& each : trial.refused)
    for (Signaling& signaling : plan.signaling)
      if (graph.element(signaling.participant).name == each.participant)
        signaling.refused = words(trial.graph, each.refusal);
}

}  // namespace callflow::explain
