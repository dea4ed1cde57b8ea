// The frames of a stream that are on their way, waiting to be played, or waiting for an older one
// to be settled.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "models/receiver/delay_causes.h"
#include "models/receiver/jitter_buffer.h"
#include "src/units/units.h"

namespace callflow::receiver {

enum class NetworkState : std::uint8_t { onItsWay, received, lost };
// Given up: its place was made up for, or it was thrown away.
enum class PlayoutState : std::uint8_t { open, played, givenUp };

// Causes that happen in the network: sendWait to headOfLine.
inline constexpr std::size_t kFirstNetworkCause = static_cast<std::size_t>(DelayCause::sendWait);
inline constexpr std::size_t kNetworkCauses =
    static_cast<std::size_t>(DelayCause::headOfLine) - kFirstNetworkCause + 1;

// Two cache lines: what every step looks at, and the delays, which only received frames have.
struct alignas(64) Frame {
  TimePoint sent;
  TimePoint received = TimePoint::max();
  TimePoint played = TimePoint::max();
  Duration transit{};  // of the packet it was sent in, if received
  Duration change{};   // of transit, since the packet received before
  Duration target{};   // of the jitter buffer when it was played
  std::int32_t copies = 0;
  NetworkState network = NetworkState::onItsWay;  // of the packet it was sent in
  PlayoutState playout = PlayoutState::open;
  FrameKind kind = FrameKind::speech;
  FrameCopy copy = FrameCopy::primary;  // from which it is there
  bool there = false;                   // in the buffer or played, from whatever packet
  bool queued = false;                  // it has waited at elements: see FrameRing::waits()
  std::array<Duration, kNetworkCauses> causes{};

  // As new; `causes` are left as they are.
  void send(TimePoint at, FrameKind of) {
    sent = at;
    received = played = TimePoint::max();
    transit = change = target = Duration{};
    copies = 0;
    network = NetworkState::onItsWay;
    playout = PlayoutState::open;
    kind = of;
    copy = FrameCopy::primary;
    there = queued = false;
  }
  bool settled() const {
    return network != NetworkState::onItsWay && playout != PlayoutState::open;
  }
};
static_assert(sizeof(Frame) == 128);

// Consecutive sequences, pushed at the end and popped at the front; doubles when it is full. Beside
// each frame stands a row of durations: its queueing at each element.
class FrameRing {
 public:
  explicit FrameRing(std::size_t elements) : columns_(elements) { frames_.resize(kInitialSize); }

  bool empty() const { return begin_ == end_; }
  std::int64_t begin() const { return begin_; }
  std::int64_t end() const { return end_; }
  bool holds(std::int64_t sequence) const { return sequence >= begin_ && sequence < end_; }

  // The first push decides where sequences start.
  void push(std::int64_t sequence, TimePoint sent, FrameKind kind) {
    if (!started_) begin_ = end_ = sequence;
    started_ = true;
    if (end_ - begin_ == static_cast<std::int64_t>(frames_.size())) grow();
    ++end_;
    (*this)[sequence].send(sent, kind);
  }
  void pop() { ++begin_; }
  // Rows have so many columns from now on, no fewer than before.
  void widen(std::size_t columns) {
    if (columns == columns_) return;
    FrameRing wider{columns};
    if (!waits_.empty()) wider.waits_.resize(frames_.size() * columns);
    for (std::size_t i = 0; i < waits_.size(); ++i)
      wider.waits_[i / columns_ * columns + i % columns_] = waits_[i];
    columns_ = columns;
    waits_ = std::move(wider.waits_);
  }
  bool started() const { return started_; }

  Frame& operator[](std::int64_t sequence) { return frames_[place(sequence)]; }
  // Of a frame that was `queued`, or is now: then it holds whatever was there.
  std::span<Duration> waits(std::int64_t sequence) {
    if (waits_.empty()) waits_.resize(frames_.size() * columns_);
    return std::span{waits_}.subspan(place(sequence) * columns_, columns_);
  }

 private:
  static constexpr std::size_t kInitialSize = 8;  // a power of two; 160 ms of frames of 20 ms

  std::size_t place(std::int64_t sequence) const {
    return static_cast<std::size_t>(sequence) & (frames_.size() - 1);
  }
  void grow() {
    FrameRing larger{columns_};
    larger.frames_.resize(frames_.size() * 2);
    for (std::int64_t sequence = begin_; sequence < end_; ++sequence) {
      larger[sequence] = (*this)[sequence];
      if (!larger[sequence].queued) continue;
      const auto from = waits(sequence);
      const auto to = larger.waits(sequence);
      for (std::size_t i = 0; i < columns_; ++i) to[i] = from[i];
    }
    frames_ = std::move(larger.frames_);
    waits_ = std::move(larger.waits_);
  }

  std::vector<Frame> frames_;
  std::int64_t begin_ = 0;
  std::int64_t end_ = 0;
  bool started_ = false;
  std::size_t columns_;
  std::vector<Duration> waits_;  // none until a frame has waited
};

}  // namespace callflow::receiver
