#include "models/path/transit.h"

#include <algorithm>
#include <utility>

#include "models/path/leg.h"

namespace callflow::path {

void FrameSink::onPacket(fabric::PacketId id, fabric::Packet& packet, TimePoint now) {
  const FrameHandle handle = packet.payload;
  // A NAT that forgot may give another host's port to a flow: who has no key to it drops it.
  Leg& leg = transit_.legOf(handle);
  if (&leg.sink() != this) {
    transit_.fabric().disown(id);
    return;
  }
  leg.noteSource(packet.source());
  transit_.absorb(handle, packet);
  if (transit_.traced_) {
    Crossing& crossing = transit_.ownJourney(handle).crossings.back();
    crossing.arrived = crossing.delivered = now;
  }
  onFrame(handle, now);
}

Processing::Processing(Transit& transit, Duration time, fabric::LinkId place)
    : transit_(transit),
      time_(time),
      place_(place),
      lane_(transit.fabric().simulator().addLane(*this, 0)) {}

void Processing::process(FrameHandle handle, TimePoint now) {
  if (time_ == Duration{}) {
    onProcessed(handle);
    return;
  }
  Journey& journey = transit_.ownJourney(handle);
  if (place_ == fabric::kNoLink) {
    journey.parts[receiver::DelayCause::processing] += time_;
  } else {
    journey.parts[receiver::DelayCause::queueing] += time_;
    journey.waits.push_back({place_, time_});
  }
  transit_.fabric().simulator().push(lane_, now + time_, handle);
}

void Processing::onRecord(std::uint32_t, std::uint32_t payload, TimePoint) {
  onProcessed(payload);
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
  sendOrLose(handle);
}

FrameHandle Transit::copyTo(const Flow& flow, FrameHandle handle) {
  const FrameHandle copy = frames_.copy(handle);
  Frame& frame = frames_[copy];
  frame.flow = &flow;
  frame.path = flow.path;
  frame.leg = 0;
  return copy;
}

void Transit::sendOrLose(FrameHandle handle) {
  const Frame& frame = frames_[handle];
  if (frame.path->legs.empty()) {
    ++frame.flow->unsent;
    lose(handle);
  } else {
    sendOnLeg(handle);
  }
}

void Transit::sendOnLeg(FrameHandle handle) {
  const Frame& frame = frames_[handle];
  frame.path->legs[frame.leg]->send(handle);
}

Leg& Transit::legOf(FrameHandle handle) {
  const Frame& frame = frames_[handle];
  return *frame.path->legs[frame.leg];
}

void Transit::absorb(FrameHandle handle, const fabric::Packet& carrier) {
  using fabric::DelayPart;
  using receiver::DelayCause;
  Journey& journey = frames_.ownJourney(handle);
  journey.parts[DelayCause::propagation] += carrier.spent(DelayPart::propagation);
  journey.parts[DelayCause::jitter] += carrier.spent(DelayPart::jitter);
  journey.parts[DelayCause::serialization] += carrier.spent(DelayPart::serialization);
  journey.parts[DelayCause::queueing] += carrier.spent(DelayPart::queueing);
  fabric_.forEachWait(carrier, [&](const fabric::Wait& wait) { journey.waits.push_back(wait); });
}

Crossing& Transit::addCrossing(FrameHandle handle) {
  const Frame& frame = frames_[handle];
  Crossing& crossing = frames_.ownJourney(handle).crossings.emplace_back();
  crossing.path = frame.path;
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
  std::vector<Crossing>& crossings = frames_.ownJourney(handle).crossings;
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
    Crossing& crossing = frames_.ownJourney(handle).crossings.back();
    crossing.lostOn = drop.link;
    crossing.lostAt = drop.node;
  }
  lose(handle);
}

void Transit::lose(FrameHandle handle) {
  frames_[handle].flow->end->onLost(handle);
  frames_.release(handle);
}

void Transit::tellLeftOver() {
  frames_.forEach([&](FrameHandle handle) { frames_[handle].flow->end->onLeftOver(handle); });
}

}  // namespace callflow::path
