#include "models/path/transit.h"

#include <algorithm>
#include <utility>

#include "models/path/leg.h"

namespace callflow::path {

void FrameSink::onPacket(fabric::PacketId, fabric::Packet& packet, TimePoint now) {
  const FrameHandle handle = packet.payload;
  Frame& frame = transit_.frames_[handle];
  transit_.absorb(frame, packet);
  if (transit_.traced_) {
    frame.crossings.back().arrived = now;
    frame.crossings.back().delivered = now;
  }
  onFrame(handle, now);
}

Server::Server(Transit& transit, Duration processing)
    : FrameSink(transit),
      processing_(processing),
      lane_(transit.fabric().simulator().addLane(*this, 0)) {}

void Server::work(FrameHandle handle, TimePoint now) {
  if (processing_ == Duration{}) {
    transit().sendOnLeg(handle);
    return;
  }
  transit()[handle].parts[receiver::DelayCause::processing] += processing_;
  transit().fabric().simulator().push(lane_, now + processing_, handle);
}

void Server::onRecord(std::uint32_t, std::uint32_t payload, TimePoint) {
  transit().sendOnLeg(payload);
}

Transit::Transit(fabric::Fabric& fabric, bool traced)
    : fabric_(fabric), owner_(fabric.addOwner(*this)), traced_(traced) {}

void Transit::send(const Flow& flow, std::int64_t sequence, DataSize size, bool carriesPrevious) {
  const FrameHandle handle = frames_.add();
  Frame& frame = frames_[handle];
  frame.flow = &flow;
  frame.path = flow.path;
  frame.sequence = sequence;
  frame.size = size;
  frame.carriesPrevious = carriesPrevious;
  sendOnLeg(handle);
}

FrameHandle Transit::copyTo(const Flow& flow, FrameHandle handle) {
  const FrameHandle copy = frames_.clone(handle);
  Frame& frame = frames_[copy];
  frame.flow = &flow;
  frame.path = flow.path;
  frame.leg = 0;
  return copy;
}

void Transit::sendOnLeg(FrameHandle handle) {
  const Frame& frame = frames_[handle];
  frame.path->legs[frame.leg]->send(handle);
}

void Transit::absorb(Frame& frame, const fabric::Packet& carrier) {
  using fabric::DelayPart;
  using receiver::DelayCause;
  frame.parts[DelayCause::propagation] += carrier.spent(DelayPart::propagation);
  frame.parts[DelayCause::jitter] += carrier.spent(DelayPart::jitter);
  frame.parts[DelayCause::serialization] += carrier.spent(DelayPart::serialization);
  frame.parts[DelayCause::queueing] += carrier.spent(DelayPart::queueing);
  fabric_.forEachWait(carrier, [&](const fabric::Wait& wait) { frame.waits.push_back(wait); });
}

Crossing& Transit::addCrossing(FrameHandle handle) {
  Frame& frame = frames_[handle];
  Crossing& crossing = frame.crossings.emplace_back();
  crossing.leg = static_cast<std::int32_t>(frame.flow->legBefore + frame.leg);
  crossing.sent = now();
  return crossing;
}

void Transit::addCopy(FrameHandle handle, const transport::Copy& copy) {
  Crossing& crossing = addCrossing(handle);
  crossing.sent = copy.sent;
  crossing.arrived = copy.arrived;
  if (copy.drop != nullptr) {
    crossing.lostOn = copy.drop->link;
    crossing.lostAt = copy.drop->node;
  }
  const std::int32_t leg = crossing.leg;
  std::vector<Crossing>& crossings = frames_[handle].crossings;
  // In order of transmission, whichever was told first.
  std::stable_sort(crossings.begin(), crossings.end(), [](const Crossing& a, const Crossing& b) {
    return std::pair(a.leg, a.sent) < std::pair(b.leg, b.sent);
  });
  std::int32_t number = 0;
  for (Crossing& each : crossings) {
    if (each.leg == leg) each.copy = ++number;
  }
}

void Transit::dropAtSocket(FrameHandle handle, fabric::NodeId node) {
  if (traced_) {
    Crossing& crossing = addCrossing(handle);
    crossing.lostAt = node;
    crossing.atSocket = true;
  }
  lose(handle);
}

void Transit::onDrop(const fabric::Drop& drop) {
  const FrameHandle handle = drop.packet.payload;
  if (traced_) {
    Crossing& crossing = frames_[handle].crossings.back();
    crossing.lostOn = drop.link;
    crossing.lostAt = drop.node;
  }
  lose(handle);
}

void Transit::lose(FrameHandle handle) {
  const Frame& frame = frames_[handle];
  frame.flow->end->onLost(frame);
  frames_.release(handle);
}

void Transit::tellLeftOver() {
  frames_.forEach([](const Frame& frame) { frame.flow->end->onLeftOver(frame); });
}

}  // namespace callflow::path
