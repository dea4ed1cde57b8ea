// The rate at which packets do not queue: from the packets' delay the load, from the load the rate
// (libwebrtc's delay_based_bwe.cc).
#pragma once

#include <optional>
#include <span>

#include "models/congestion/feedback.h"
#include "models/gcc/packet_groups.h"
#include "models/gcc/rate_control.h"
#include "models/gcc/trendline.h"
#include "models/gcc/usage.h"
#include "src/units/units.h"

namespace callflow::gcc {

class DelayBased {
 public:
  struct Result {
    std::optional<DataRate> estimate;  // nothing: none yet, or nothing new
    bool probed = false;               // it is what a probe found
    bool recovered = false;            // the queues that there were have emptied
  };

  void start(DataRate rate) { rate_.start(rate); }
  void setLeast(DataRate rate) { rate_.setLeast(rate); }
  void setRoundTrip(Duration roundTrip) { rate_.setRoundTrip(roundTrip); }

  // `arrived`: in the order of arrival. `probed`: what a probe says the path carries.
  Result onFeedback(std::span<const congestion::PacketResult> arrived, TimePoint now,
                    std::optional<DataRate> acknowledged, std::optional<DataRate> probed);

  Usage usage() const { return trendline_.usage(); }
  // Of the latest result; zero before there is one.
  DataRate latest() const { return latest_; }
  std::optional<DataRate> estimate() const;
  const RateControl& rateControl() const { return rate_; }

 private:
  Result reduce(std::optional<DataRate> acknowledged, TimePoint now);
  Result updated(std::optional<DataRate> acknowledged, TimePoint now);

  PacketGroups groups_;
  Trendline trendline_;
  RateControl rate_;
  std::optional<TimePoint> told_;  // of packets
  DataRate latest_;
};

}  // namespace callflow::gcc
