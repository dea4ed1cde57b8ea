// Frames that go through one queue to a receiver, and what comes of them, for tests of libwebrtc's
// estimators: the set-up of its delay_based_bwe_unittest, in our words.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "models/congestion/feedback.h"
#include "src/units/units.h"

namespace callflow::gcc {

inline TimePoint atMs(std::int64_t time) {
  return TimePoint::at(Duration::ms(time));
}

// Frames of one stream, each in packets of about 1200 bytes that leave at once, over a link that
// has no other delay than the time it takes to send them.
class FrameLink {
 public:
  FrameLink(int framesPerSecond, DataRate capacity, TimePoint start)
      : framesPerSecond_(framesPerSecond), capacity_(capacity), busyUntil_(start), next_(start) {}

  void setCapacity(DataRate capacity) { capacity_ = capacity; }
  // When the next frame is due.
  TimePoint next() const { return next_; }

  // A frame that is sent at `now`. The sender's clock is a second ahead.
  std::vector<congestion::PacketResult> send(DataRate rate, TimePoint now) {
    const std::int64_t bits = (rate.count() + framesPerSecond_ / 2) / framesPerSecond_;
    const std::int64_t count = std::max<std::int64_t>((bits + 4 * kPacket) / (8 * kPacket), 1);
    const DataSize size = DataSize::bytes((bits + 4 * count) / (8 * count));
    std::vector<congestion::PacketResult> frame;
    for (std::int64_t i = 0; i < count; ++i) {
      busyUntil_ = std::max(busyUntil_, now) + transmissionTime(size, capacity_);
      congestion::PacketResult result;
      result.packet = {.sequence = sequence_++, .sent = now + Duration::s(1), .size = size};
      result.received = busyUntil_;
      frame.push_back(result);
    }
    next_ = now + Duration::us((1'000'000 + framesPerSecond_ / 2) / framesPerSecond_);
    return frame;
  }

 private:
  static constexpr std::int64_t kPacket = 1200;

  int framesPerSecond_;
  DataRate capacity_;
  TimePoint busyUntil_, next_;
  std::int64_t sequence_ = 0;
};

// Packets of one size that leave and arrive evenly, each at a rate of its own.
class EvenPackets {
 public:
  std::vector<congestion::PacketResult> take(int count, DataRate sent, DataRate received) {
    std::vector<congestion::PacketResult> packets;
    for (int i = 0; i < count; ++i) {
      congestion::PacketResult result;
      result.packet = {.sequence = sequence_++, .sent = sending_, .size = kSize};
      result.received = receiving_;
      packets.push_back(result);
      sending_ += transmissionTime(kSize, sent);
      receiving_ += transmissionTime(kSize, received);
    }
    return packets;
  }
  void waitSending(Duration time) { sending_ += time; }
  void waitReceiving(Duration time) { receiving_ += time; }
  TimePoint receiving() const { return receiving_; }

 private:
  static constexpr DataSize kSize = DataSize::bytes(1000);
  TimePoint sending_ = atMs(100'000), receiving_ = atMs(10'000);
  std::int64_t sequence_ = 0;
};

}  // namespace callflow::gcc
