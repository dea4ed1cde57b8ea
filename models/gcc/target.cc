#include "models/gcc/target.h"

#include <algorithm>

namespace callflow::gcc {

void Target::setLimits(DataRate least, DataRate most) {
  least_ = least;
  most_ = std::max(least, most);
}

void Target::set(DataRate rate) {
  delayBased_ = DataRate::unlimited();
  apply(rate);
  rules_.forget();
}

// Whether anything comes back is still what was last heard.
void Target::forgetPath() {
  const RoundTripBackOff kept = backOff_;
  *this = {};
  backOff_ = kept;
}

void Target::setDelayBased(DataRate rate) {
  delayBased_ = rate;
  apply(rate_);
}

void Target::onLossReport(std::int64_t lost, std::int64_t expected, TimePoint now) {
  if (rules_.onReport(lost, expected, now)) update(now);
}

void Target::update(TimePoint now) {
  if (backOff_.tooLong()) {
    backOff(now);
    return;
  }
  // As a call begins nothing but delay counts, so that what probes find can be used at once.
  if (rules_.share() == 0 && rules_.starting(now) && !lossBased_) {
    const DataRate rate = delayBased_.isUnlimited() ? rate_ : std::max(rate_, delayBased_);
    if (rate != rate_) {
      rules_.forget();
      rules_.remember(rate_, now);
      apply(rate);
      return;
    }
  }
  if (lossBased_) {
    lossState_ = lossBased_->state;
    apply(lossBased_->rate);
    return;
  }
  rules_.remember(rate_, now);
  apply(rules_.next(rate_, now).value_or(rate_));
}

void Target::backOff(TimePoint now) {
  DataRate rate = rate_;
  if (rate > RoundTripBackOff::kFloor &&
      !rules_.decreasedWithin(RoundTripBackOff::kInterval, now)) {
    rules_.onDecrease(now);
    rate = std::max(scaled(rate, RoundTripBackOff::kKept), RoundTripBackOff::kFloor);
  }
  apply(rate);
}

void Target::apply(DataRate rate) {
  rate_ = std::max(std::min({rate, delayBased_, most_}), least_);
}

}  // namespace callflow::gcc
