// The rate by the share of packets that RTCP reports call lost: below 2 % it grows, above 10 % it
// falls (draft-ietf-rmcat-gcc-02 6; libwebrtc's send_side_bandwidth_estimation.cc). Until 2021 this
// was how loss counted; since then it is so only while nothing better is known.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "src/units/units.h"

namespace callflow::gcc {

class LossRules {
 public:
  // True if there is a new share: it takes twenty packets.
  bool onReport(std::int64_t lost, std::int64_t expected, TimePoint now);
  void setRoundTrip(Duration roundTrip) { roundTrip_ = roundTrip; }
  // The target was lowered by something else.
  void onDecrease(TimePoint now) { decreased_ = now; }
  bool decreasedWithin(Duration time, TimePoint now) const {
    return decreased_ && now - *decreased_ < time;
  }

  double share() const { return share_; }
  Duration roundTrip() const { return roundTrip_; }
  // The first two seconds of reports: a call begins, probes say more than loss.
  bool starting(TimePoint now) const;

  // The history of targets, whose least of a second is what growth starts from.
  void remember(DataRate target, TimePoint now);
  void forget() { history_.clear(); }

  // What follows for the target, which has been remembered; nothing: it stays.
  std::optional<DataRate> next(DataRate target, TimePoint now);

 private:
  struct Past {
    TimePoint at;
    DataRate target;
  };

  double share_ = 0;  // in 256ths, as RTCP has it
  std::int64_t lost_ = 0, expected_ = 0;
  std::optional<TimePoint> firstReport_, lastShare_, decreased_;
  bool decreasedForShare_ = false;
  Duration roundTrip_;
  std::deque<Past> history_;  // targets rise from front to back
};

}  // namespace callflow::gcc
