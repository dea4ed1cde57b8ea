#include "src/sim/lost_packets.h"

namespace callflow::sim {

LostPackets::LostPackets(const network::Network& network, path::Datagrams& datagrams)
    : network_(network) {
  datagrams.tellLost([this](const path::Datagrams::Sending& sending, const path::Bytes&,
                            const fabric::Drop& drop) { note(sending, drop); });
}

const LostPackets::Lost* LostPackets::between(wire::Endpoint source,
                                              wire::Endpoint destination) const {
  const auto found = first_.find({source, destination});
  return found == first_.end() ? nullptr : &found->second;
}

const LostPackets::Lost* LostPackets::tooLarge(wire::Endpoint source,
                                               wire::Endpoint destination) const {
  const auto found = tooLarge_.find({source, destination});
  return found == tooLarge_.end() ? nullptr : &found->second;
}

const LostPackets::Lost* LostPackets::of(const ice::Pair& pair, topology::ElementId other) const {
  const Lost* const there = between(pair.local().base, pair.remote().address);
  const bool straight = pair.local().type != ice::CandidateType::relayed &&
                        pair.remote().type != ice::CandidateType::relayed;
  if (there != nullptr || !straight) return there;
  return answer(other, pair.local().address);
}

const LostPackets::Lost* LostPackets::answer(topology::ElementId from,
                                             wire::Endpoint destination) const {
  for (const auto& [ends, lost] : first_)
    if (ends.second == destination && lost.sender == from) return &lost;
  return nullptr;
}

void LostPackets::note(const path::Datagrams::Sending& sending, const fabric::Drop& drop) {
  const Lost lost{topology::ElementId{index(sending.from)},
                  drop.cause,
                  drop.node,
                  drop.link,
                  drop.reason,
                  drop.packet.header()};
  const auto ends = std::pair(sending.source, sending.destination);
  first_.try_emplace(ends, lost);
  if (drop.cause == fabric::DropCause::tooBig) tooLarge_.try_emplace(ends, lost);
}

std::string LostPackets::place(const Lost& lost) const {
  return network_.place(lost.link, lost.node);
}

std::string LostPackets::reason(const Lost& lost) const {
  switch (lost.cause) {
    case fabric::DropCause::box:
      return network_.describeReason(lost.node, lost.reason);
    case fabric::DropCause::noRoute:
      return "no route leads to " + wire::toText(lost.header.destination.address) + " from there";
    case fabric::DropCause::noListener:
      return "nobody has " + wire::toText(lost.header.destination) + " there";
    case fabric::DropCause::tooBig:
      return "it is too large";
    case fabric::DropCause::linkDown:
      return "the line is down";
    case fabric::DropCause::queueFull:
      return "the queue is full";
    case fabric::DropCause::loss:
      return "it was lost";
  }
  return {};
}

explain::Refusal LostPackets::refusal(const Lost& lost) const {
  if (lost.cause == fabric::DropCause::box)
    return {.kind = explain::Refusal::Kind::box,
            .element = topology::ElementId{index(lost.node)},
            .header = lost.header,
            .reason = reason(lost),
            .ground = network_.groundOf(lost.node, lost.reason)};
  return {.kind = explain::Refusal::Kind::lost,
          .element = lost.sender,
          .header = lost.header,
          .reason = place(lost) + " drops " + wire::toText(lost.header) + ": " + reason(lost)};
}

}  // namespace callflow::sim
