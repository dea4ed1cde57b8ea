#include "models/conference/incoming_layer.h"

#include <algorithm>

namespace callflow::conference {

namespace {

// So many packets are told apart from such that came before.
constexpr std::size_t kRemembered = 1 << 11;

}  // namespace

IncomingLayer::IncomingLayer(fabric::FabricSimulator& simulator, rtp::Session& session,
                             const Setup& setup)
    : simulator_(simulator),
      session_(session),
      setup_(setup),
      looks_(simulator.addLane(*this, static_cast<std::uint32_t>(Timer::look))),
      departures_(simulator.addLane(*this, static_cast<std::uint32_t>(Timer::forward))),
      nack_(TimePoint{}),
      seen_(kRemembered, -1) {
  session.setReceiver(setup.stream, *this);
}

bool IncomingLayer::isNew(std::int64_t sequence) {
  std::int64_t& place = seen_[static_cast<std::size_t>(sequence) % kRemembered];
  if (place >= sequence) return false;
  place = sequence;
  return true;
}

void IncomingLayer::onPacket(const rtp::Packet& packet, TimePoint, TimePoint now) {
  requests_.clear();
  nack_.onPacket(packet.video.sequence, packet.video.retransmitted, now, requests_);
  ask(now);
  if (!isNew(packet.video.sequence)) return;  // padding, or it was asked for once too often
  meter_.add(packet.video.temporalLayer, packet.size, now);
  processed_.push_back(packet);
  processed_.back().kind = rtp::PacketKind::video;
  simulator_.push(departures_, now + setup_.processing, 0);
}

void IncomingLayer::onRoundTrip(Duration roundTrip, TimePoint now) {
  nack_.onRoundTrip(roundTrip, now);
}

void IncomingLayer::ask(TimePoint now) {
  if (!requests_.nack.empty()) session_.askAgain(setup_.stream, requests_.nack);
  if (requests_.keyFrame) askKeyFrame(now);
  const TimePoint next = std::max(nack_.nextLook(), now);
  if (next >= lookAt_) return;
  lookAt_ = next;
  simulator_.pushOutOfOrder(looks_, next, 0);
}

void IncomingLayer::askKeyFrame(TimePoint now) {
  if (keyFrameAsked_ && now - *keyFrameAsked_ < setup_.keyFramesApart) return;
  keyFrameAsked_ = now;
  session_.askKeyFrame(setup_.stream);
}

void IncomingLayer::onRecord(std::uint32_t channel, std::uint32_t, TimePoint now) {
  if (static_cast<Timer>(channel) == Timer::forward) {
    const rtp::Packet packet = processed_.front();
    processed_.pop_front();
    for (LayerListener* const listener : listeners_) listener->onLayerPacket(*this, packet, now);
    return;
  }
  if (now < lookAt_) return;  // it was put off
  lookAt_ = TimePoint::max();
  requests_.clear();
  nack_.look(now, requests_);
  ask(now);
}

}  // namespace callflow::conference
