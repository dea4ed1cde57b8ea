#include "models/wifi/transmitter.h"

#include <algorithm>

namespace callflow::wifi {
namespace {

// IEEE 802.11-2020 9.7 and table 9-33: of a frame of many packets (A-MPDU).
constexpr std::size_t kMostPackets = 64;
constexpr std::int64_t kMostBytes = 65'535;
constexpr std::int64_t kDelimiter = 4;
constexpr Duration kLongestFrame = Duration::us(5'484);

// A packet's part of an aggregate: delimiter, and filled up to four bytes.
std::int64_t subframe(std::int64_t bytes) {
  return kDelimiter + (bytes + 3) / 4 * 4;
}

}  // namespace

void Transmitter::put(std::size_t number, const shaper::Waiting& packet, const Framing& framing,
                      TimePoint now, shaper::Drops& drops) {
  Lane& lane = lanes[number];
  const bool idle = lane.empty();
  if (!lane.queue) lane.queue = shaper::makeQueue(framing.queueing, lane.name);
  lane.queue->put(packet, nullptr, now, drops);
  if (idle && !lane.empty()) turns_.push_back(number);
}

void Transmitter::compose(const Framing& framing, Duration limit, bool must, TimePoint now,
                          shaper::Drops& drops, Composed& composed) {
  composed.frames.clear();
  composed.air = composed.answer = Duration{};
  std::int64_t total = 0;  // of bytes, as parts of an aggregate
  while (!turns_.empty() && composed.frames.empty()) {
    Lane& lane = current();
    const bool many = framing.aggregates && category != AccessCategory::voice;
    const Duration ack = framing.phy.sifs + ackAirtime(framing.phy, lane.rate);
    const Duration blockAck = framing.phy.sifs + blockAckAirtime(framing.phy, lane.rate);
    // Nothing is acknowledged further on than so many behind the first that is missing.
    for (std::size_t place = 0; place < kMostPackets; ++place) {
      if (place == lane.window.size()) {
        std::optional<shaper::Waiting> packet;
        if (lane.queue) packet = lane.queue->take(now, drops);
        if (packet && isTooOld(*packet, now)) {
          drops.push_back({*packet, shaper::DropReason::exceeded});
          --place;  // the next one in its stead
          continue;
        }
        if (!packet && lane.endless)
          packet = shaper::Waiting{fabric::kNoPacket, *lane.endless, now};
        if (!packet) break;
        lane.window.push_back({*packet});
      }
      const Frame& frame = lane.window[place];
      if (frame.received) continue;
      const std::int64_t bytes = (frame.packet.size + framing.header).count();
      const bool first = composed.frames.empty();
      const std::int64_t grown = total + subframe(bytes);
      const Duration air = airtime(framing.phy, DataSize::bytes(first ? bytes : grown), lane.rate);
      const Duration answer = first ? ack : blockAck;
      const bool fits = air + answer <= limit;
      if (first && !fits && !must) return;
      if (!first && (!fits || grown > kMostBytes || air > kLongestFrame)) break;
      composed.frames.push_back(place);
      composed.air = air;
      composed.answer = answer;
      total = grown;
      if (!many) break;
    }
    // What was queued may all have been dropped.
    if (composed.frames.empty()) turns_.pop_front();
  }
}

void Transmitter::settle(bool answered, int attempts, TimePoint now, std::vector<Frame>& settled) {
  const std::size_t number = turns_.front();
  Lane& lane = lanes[number];
  turns_.pop_front();
  const auto done = [&](const Frame& frame) {
    return frame.received || frame.attempts >= attempts || isTooOld(frame.packet, now);
  };
  while (!lane.window.empty() && done(lane.window.front())) {
    settled.push_back(lane.window.front());
    lane.window.pop_front();
  }
  if (lane.empty()) return;
  // A frame that was not answered is sent again before any other.
  if (answered || lane.window.empty())
    turns_.push_back(number);
  else
    turns_.push_front(number);
}

fabric::RandomStream& Transmitter::draws() {
  if (!draws_) draws_.emplace(name_);
  return *draws_;
}

void Transmitter::drawBackoff(const Contention& contention) {
  const double slots = draws().uniform() * (window_ + 1);
  claim = contention.claim(access.aifsn, static_cast<std::int64_t>(slots));
}

}  // namespace callflow::wifi
