// The round trip as Linux estimates it, and the retransmission time-out that follows from it.
#pragma once

#include <cstdint>

#include "src/units/units.h"

namespace callflow::transport {

// RFC 6298 with what Linux does otherwise (net/ipv4/tcp_input.c: tcp_rtt_estimator()): the
// deviation is the largest of a round trip, never under the least time-out, falls by a quarter a
// round trip at most, and rises slowly when the round trip gets shorter.
class RttEstimator {
 public:
  RttEstimator(Duration minimumRto, Duration maximumRto)
      : minimumRto_(minimumRto), maximumRto_(maximumRto) {}

  // One sample. `acknowledged` and `next` are the stream offsets up to which all is acknowledged
  // and has been sent: they tell where a round trip ends.
  void sample(Duration rtt, std::int64_t acknowledged, std::int64_t next);

  bool measured() const { return eighths_ > Duration{}; }
  Duration smoothed() const { return eighths_ / 8; }  // 0 before the first sample
  Duration smallest() const { return smallest_; }     // Duration::max() before the first sample
  // Smoothed round trip and deviation; not rounded to ticks, not backed off. 1 s before the first
  // sample (RFC 6298 2.1).
  Duration timeout() const;
  // Samples that may be larger than the path (of delayed acknowledgements) still bound it.
  void noteSmallest(Duration rtt) {
    if (rtt < smallest_) smallest_ = rtt;
  }

 private:
  Duration minimumRto_, maximumRto_;
  Duration eighths_;    // eight times the smoothed round trip
  Duration quarters_;   // four times the mean deviation
  Duration largest_;    // of quarters_, in this round trip
  Duration variation_;  // what the time-out adds
  Duration smallest_ = Duration::max();
  std::int64_t roundEnd_ = 0;
};

}  // namespace callflow::transport
