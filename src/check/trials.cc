#include "src/check/trials.h"

#include "src/check/ways.h"

namespace callflow::check {
namespace {

const std::vector<firewall::Rule>* rulesOf(const topology::Device& device) {
  if (const auto* const wall = std::get_if<firewall::Firewall>(&device.kind)) return &wall->rules;
  if (const auto* const vpn = std::get_if<vpn::Vpn>(&device.kind)) return &vpn->rules;
  return nullptr;
}

}  // namespace

Closed Trials::closedBy(const network::Passage& passage, wire::Endpoint goal, bool answer) const {
  Closed closed{.device = {}, .pos = {}, .reason = {}, .answer = answer};
  if (!passage.refused) return closed;
  closed.device = graph_.element(passage.refused->box).device;
  closed.reason = passage.refused->reason;
  const topology::Device& device = deviceNamed(topology_, closed.device);
  closed.pos = device.pos;
  const auto* const rules = rulesOf(device);
  const fabric::Ground& ground = passage.refused->ground;
  const bool byRule = ground.cause == fabric::Cause::rule || ground.cause == fabric::Cause::notTls;
  if (rules != nullptr && byRule && ground.rule < rules->size()) {
    const firewall::Rule& rule = (*rules)[ground.rule];
    closed.pos = rule.pos;
    closed.reason = "rule " + std::to_string(ground.rule + 1) + ", " + rule.text;
  }
  // On its way out a packet keeps its destination; another one is a tunnel's.
  const wire::Header5& header = passage.header;
  if (!answer && header.destination != goal)
    closed.tunnel = (header.protocol == wire::Protocol::udp ? "UDP " : "TCP ") +
                    std::to_string(header.destination.port);
  return closed;
}

std::optional<Closed> Trials::exchange(topology::ElementId from, const topology::Route& out,
                                       const topology::Route& back, wire::Protocol protocol,
                                       wire::Endpoint server, bool plain, int times) {
  constexpr std::uint16_t kClientPort = 50000;  // as explain's first client has it
  network_.forget();
  const wire::Endpoint client{wire::Ipv4{graph_.element(from).address}, kClientPort};
  const wire::Sight sight{.dscp = {}, .plain = plain};
  for (int time = 0; time < times; ++time) {
    const network::Passage request =
        network_.tryPacket(out, {client, server, protocol}, server, sight);
    if (!request.delivered) return closedBy(request, server, false);
    const network::Passage reply =
        network_.tryPacket(back, {server, request.header.source, protocol}, client, sight);
    if (!reply.delivered) return closedBy(reply, client, true);
  }
  return std::nullopt;
}

}  // namespace callflow::check
