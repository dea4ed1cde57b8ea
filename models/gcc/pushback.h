// How much may be on the way before encoders are to hold back. What is beyond the window waits in a
// queue of the path: libwebrtc then lets encoders drop frames, and leaves the target rate and the
// pacer as they are (WebRTC-CongestionWindow with DropFrame, in use unless a field trial says
// otherwise; goog_cc/congestion_window_pushback_controller.cc and goog_cc_network_control.cc).
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "src/units/units.h"

namespace callflow::gcc {

class Pushback {
 public:
  // `longestRoundTrip`: of the packets of a feedback, from when one left to the feedback.
  void onFeedback(Duration longestRoundTrip);
  // The rate that holds now: the window follows it by half its way, after each feedback and with
  // each tick.
  void setTarget(DataRate target);
  void setInFlight(DataSize inFlight) { inFlight_ = inFlight; }

  // What is left of the target for encoders. Each asking counts: libwebrtc asks on every packet
  // that is sent, on every feedback, and with every tick.
  DataRate reduced(DataRate target);
  // The same as a share.
  double share(DataRate target);

  std::optional<DataSize> window() const { return window_; }

 private:
  static constexpr std::size_t kRoundTrips = 32;

  std::array<Duration, kRoundTrips> roundTrips_;  // the last of them
  std::size_t seen_ = 0;
  std::optional<DataSize> window_;
  DataSize inFlight_;
  double share_ = 1;
};

}  // namespace callflow::gcc
