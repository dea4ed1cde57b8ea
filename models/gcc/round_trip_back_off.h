// When nothing comes back for long, sending less is all that is left (libwebrtc's RttBasedBackoff,
// send_side_bandwidth_estimation.cc).
#pragma once

#include <algorithm>
#include <optional>

#include "src/units/units.h"

namespace callflow::gcc {

class RoundTripBackOff {
 public:
  static constexpr Duration kLimit = Duration::s(3);
  static constexpr double kKept = 0.8;
  static constexpr Duration kInterval = Duration::s(1);
  static constexpr DataRate kFloor = DataRate::kbps(5);

  void onSent(TimePoint now) {
    lastSent_ = now;
    if (!heard_) heard_ = now;
  }
  // The shortest round trip of the packets that feedback tells of.
  void onFeedback(Duration roundTrip, TimePoint now) {
    heard_ = now;
    roundTrip_ = roundTrip;
  }

  // Counts from what was last heard to what was last sent: nobody answers where nothing is sent.
  bool tooLong() const {
    const Duration silence = heard_ ? std::max(lastSent_ - *heard_, Duration{}) : Duration{};
    return silence + roundTrip_ > kLimit;
  }

 private:
  TimePoint lastSent_;
  std::optional<TimePoint> heard_;
  Duration roundTrip_;
};

}  // namespace callflow::gcc
