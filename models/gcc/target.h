// The rate for all that is sent: what delay allows, what loss allows, and the limits that were set
// (libwebrtc's send_side_bandwidth_estimation.cc).
#pragma once

#include <cstdint>
#include <optional>

#include "models/gcc/loss_based.h"
#include "models/gcc/loss_rules.h"
#include "models/gcc/round_trip_back_off.h"
#include "src/units/units.h"

namespace callflow::gcc {

class Target {
 public:
  void setLimits(DataRate least, DataRate most);
  // So much, whatever was found before.
  void set(DataRate rate);
  // Another path; limits and a rate follow.
  void forgetPath();

  void onSent(TimePoint now) { backOff_.onSent(now); }
  void onFeedback(Duration roundTrip, TimePoint now) { backOff_.onFeedback(roundTrip, now); }
  void setDelayBased(DataRate rate);
  void setRoundTrip(Duration roundTrip) { rules_.setRoundTrip(roundTrip); }
  void onLossReport(std::int64_t lost, std::int64_t expected, TimePoint now);
  // What is found from the losses of the packets themselves takes the place of the rules.
  void setLossBased(const LossEstimate& estimate) { lossBased_ = estimate; }
  // Anew from all of this; to be called regularly.
  void update(TimePoint now);

  DataRate rate() const { return rate_; }
  DataRate least() const { return least_; }
  DataRate delayBased() const { return delayBased_; }  // unlimited: not known
  bool roundTripTooLong() const { return backOff_.tooLong(); }
  LossState lossState() const { return lossState_; }
  double loss() const { return rules_.share(); }
  Duration roundTrip() const { return rules_.roundTrip(); }

 private:
  void backOff(TimePoint now);
  void apply(DataRate rate);

  RoundTripBackOff backOff_;
  LossRules rules_;
  std::optional<LossEstimate> lossBased_;
  LossState lossState_ = LossState::delayBased;
  DataRate least_, most_ = DataRate::unlimited();
  DataRate delayBased_ = DataRate::unlimited();
  DataRate rate_;
};

}  // namespace callflow::gcc
