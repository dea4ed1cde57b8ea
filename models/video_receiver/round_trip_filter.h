// Round trips, with jumps and drifts taken for what they are: libwebrtc's RttFilter.
#pragma once

#include <array>
#include <cstddef>

#include "src/units/units.h"

namespace callflow::video_receiver {

class RoundTripFilter {
 public:
  void update(Duration roundTrip);
  // The longest since the path last changed.
  Duration longest() const { return longest_; }

 private:
  // libwebrtc, rtt_filter.h: so many in a row that do not fit are the new truth.
  static constexpr std::size_t kSamples = 5;
  struct Samples {
    std::array<Duration, kSamples> values;
    std::size_t count = 0;
  };

  bool fitsAverage(Duration roundTrip);
  void followDrift(Duration roundTrip);
  void restart(Samples& samples);

  double averageMs_ = 0;
  double variance_ = 0;  // ms squared
  Duration longest_;
  int weight_ = 1;  // of what was before
  bool started_ = false;
  bool lastJumpDown_ = false;
  Samples jump_;
  Samples drift_;
};

}  // namespace callflow::video_receiver
