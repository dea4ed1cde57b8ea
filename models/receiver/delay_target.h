// How much delay an adaptive jitter buffer should aim at.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "src/units/units.h"

namespace callflow::receiver {

// The rule of NetEq's underrun optimizer (libwebrtc M125:
// modules/audio_coding/neteq/underrun_optimizer.cc, histogram.cc, packet_arrival_history.cc; the
// constants are its defaults):
// - the relative delay of a frame is its transit time less the smallest transit time of the frames
//   sent in the last 2 s;
// - the largest relative delay of each 500 ms of arrivals goes into a histogram of 100 buckets of
//   20 ms (more than 2 s is left out) whose older content is multiplied by 0.983, less at the
//   start: 1 - 2/(n + 1) at the n-th time;
// - the target is the upper edge of the first bucket beyond which at most 5 % of the histogram's
//   weight lies.
// Simpler than NetEq in two points. Reordered frames count like all others, where NetEq weighs the
// delay to wait for them against their loss. The 2 s are kept in steps of 250 ms, so that they are
// 2 to 2.25 s.
class DelayTarget {
 public:
  // What holds until the first 500 ms are over; later targets stay within the bounds.
  DelayTarget(Duration initial, Duration minimum, Duration maximum);

  // Frames may come in any order of `sent`; calls are in order of `received`.
  void observe(TimePoint sent, TimePoint received);

  Duration target() const { return target_; }
  // Smallest transit time in the window, and how much the largest is above it. Only after the first
  // observation.
  Duration smallestTransit() const { return smallest_; }
  Duration largestRelative() const { return largest_ - smallest_; }

 private:
  struct Step {
    std::int64_t index = -1;
    Duration smallest, largest;
  };
  void updateWindow(TimePoint sent, Duration transit);
  void addToHistogram(Duration relative);

  static constexpr std::size_t kSteps = 9;  // the current one and 2 s before it
  static constexpr std::size_t kBuckets = 100;

  Duration minimum_, maximum_, target_;
  std::array<Step, kSteps> window_{};
  Duration smallest_, largest_;
  std::optional<TimePoint> intervalStart_;
  Duration intervalMax_;
  std::array<double, kBuckets> histogram_{};
  std::int64_t additions_ = 0;
};

}  // namespace callflow::receiver
