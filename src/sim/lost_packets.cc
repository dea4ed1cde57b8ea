#include "src/sim/lost_packets.h"

namespace callflow::sim {

namespace {

std::string reasonOf(const network::Network& network, const fabric::Drop& drop) {
  switch (drop.cause) {
    case fabric::DropCause::box:
      return network.describeReason(drop.node, drop.reason);
    case fabric::DropCause::noRoute:
      return "no route leads to " + wire::toText(drop.packet.destination().address) + " from there";
    case fabric::DropCause::noListener:
      return "nobody has " + wire::toText(drop.packet.destination()) + " there";
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

}  // namespace

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
  const bool large = drop.cause == fabric::DropCause::tooBig;
  const auto ends = std::pair(sending.source, sending.destination);
  if (first_.count(ends) > 0 && (!large || tooLarge_.count(ends) > 0)) return;
  Lost lost;
  lost.sender = topology::ElementId{index(sending.from)};
  lost.cause = drop.cause;
  lost.place = network_.place(drop.link, drop.node);
  lost.reason = reasonOf(network_, drop);
  lost.header = drop.packet.header();
  if (drop.cause == fabric::DropCause::box)
    lost.refusal = explain::Refusal{.kind = explain::Refusal::Kind::box,
                                    .element = topology::ElementId{index(drop.node)},
                                    .header = lost.header,
                                    .reason = lost.reason,
                                    .ground = network_.groundOf(drop.node, drop.reason)};
  if (large) tooLarge_.emplace(ends, lost);
  first_.emplace(ends, std::move(lost));
}

}  // namespace callflow::sim
