#include "src/explain/refusal.h"

#include <variant>

namespace callflow::explain {

bool Refusal::sameCause(const Refusal& refusal) const {
  return kind == refusal.kind && element == refusal.element && other == refusal.other &&
         reason == refusal.reason &&
         (kind != Kind::nobody || header.destination.address == refusal.header.destination.address);
}

Refusal refusalOf(const network::Passage& passage) {
  Refusal result{.kind = Refusal::Kind::nobody, .header = passage.header};
  if (passage.refused) {
    result.kind = Refusal::Kind::box;
    result.element = passage.refused->box;
    result.outbound = passage.refused->outbound;
    result.reason = passage.refused->reason;
    result.ground = passage.refused->ground;
  }
  return result;
}

std::optional<Refusal> tryExchange(network::Network& network, const topology::Route& out,
                                   const topology::Route& back, wire::Endpoint source,
                                   wire::Endpoint goal, wire::Protocol protocol,
                                   wire::Sight sight) {
  const network::Passage request = network.tryPacket(out, {source, goal, protocol}, goal, sight);
  if (!request.delivered) return refusalOf(request);
  const network::Passage answer =
      network.tryPacket(back, {goal, request.header.source, protocol}, source, sight);
  return answer.delivered ? std::nullopt : std::optional(refusalOf(answer));
}

std::string words(const topology::NetworkGraph& graph, const Refusal& refusal) {
  const std::string& name = graph.element(refusal.element).name;
  switch (refusal.kind) {
    case Refusal::Kind::box:
      return name + " refuses " + wire::toText(refusal.header) + ": " + refusal.reason;
    case Refusal::Kind::lost:
      return refusal.reason;
    case Refusal::Kind::nobody:
      return "nobody at the end of the route has the address " +
             wire::toText(refusal.header.destination.address);
    case Refusal::Kind::noRoute:
      return "there is no route from " + name + " to " +
             (refusal.other ? graph.element(*refusal.other).name : "Azure");
    case Refusal::Kind::noRegion:
      return "the topology has no Azure region with a relay";
    case Refusal::Kind::noInternet:
      return name + " has no way to the Internet";
    case Refusal::Kind::notOffered:
      return "the relay " + name + " does not offer it";
    case Refusal::Kind::relayQuota:
      return "the relay " + name + " has given out all of its " +
             std::to_string(graph.element(refusal.element).allocations.value_or(0)) +
             " allocations (486)";
    case Refusal::Kind::relayFull:
      return "the relay " + name + " has no port left to give out (508)";
    case Refusal::Kind::proxyPort:
      return name + " opens no tunnel to port 443";
    case Refusal::Kind::proxyOpens:
      return name +
             " opens TLS to inspect it, and lets through only the web's, which TURN over TLS is "
             "not";
    case Refusal::Kind::relayOnly:
      return name + " uses its relay only";
    case Refusal::Kind::noProxy:
      return name + "'s site has no proxy";
    case Refusal::Kind::noMediaProcessor:
      return "no media processor: " + name + ", who hosts the call, has no way to an Azure region";
  }
  return {};
}

std::optional<SourcePos> placeOf(const topology::NetworkGraph& graph,
                                 const topology::Topology& topology, topology::ElementId box,
                                 const fabric::Ground& ground) {
  if (ground.cause != fabric::Cause::rule && ground.cause != fabric::Cause::notTls) return {};
  for (const auto& [name, device] : topology.devices) {
    if (name != graph.element(box).device) continue;
    const std::vector<firewall::Rule>* rules = nullptr;
    if (const auto* wall = std::get_if<firewall::Firewall>(&device.kind)) rules = &wall->rules;
    if (const auto* vpn = std::get_if<vpn::Vpn>(&device.kind)) rules = &vpn->rules;
    if (rules != nullptr && ground.rule < rules->size()) return (*rules)[ground.rule].pos;
  }
  return {};
}

}  // namespace callflow::explain
