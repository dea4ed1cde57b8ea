#include "models/gcc/rate_control.h"

#include <algorithm>
#include <cmath>

namespace callflow::gcc {

namespace {

// All of this: aimd_rate_control.cc.
constexpr double kBackOff = 0.85;
// A rate below the one that was measured lets queues empty.
constexpr DataRate kBelowMeasured = DataRate::kbps(5);
constexpr double kMostAboveAcknowledged = 1.5;
constexpr DataRate kAboveAcknowledged = DataRate::kbps(10);

constexpr double kGrowth = 1.08;  // in a second
constexpr double kMostGrowthTime = 1;
constexpr DataRate kLeastStep = DataRate::kbps(1);

// Near the capacity a packet is added each response time: round trip and what it takes to notice.
constexpr DataRate kLeastAdded = DataRate::kbps(4);
constexpr double kFramesPerSecond = 30;
constexpr double kPacketBits = 8 * 1200;
constexpr Duration kNoticing = Duration::ms(100);

constexpr Duration kShortestReduction = Duration::ms(10), kLongestReduction = Duration::ms(200);
constexpr Duration kUntilMeasured = Duration::s(5);

double bits(DataRate rate) {
  return static_cast<double>(rate.count());
}

}  // namespace

void RateControl::start(DataRate rate) {
  estimate_ = acknowledged_ = rate;
  known_ = true;
}

void RateControl::setLeast(DataRate rate) {
  least_ = rate;
  estimate_ = atLeast(estimate_);
}

void RateControl::set(DataRate rate, TimePoint now) {
  known_ = true;
  estimate_ = atLeast(rate);
  changed_ = now;
}

void RateControl::update(Usage usage, std::optional<DataRate> acknowledged, TimePoint now) {
  if (!known_) begin(acknowledged, now);
  if (acknowledged) acknowledged_ = *acknowledged;
  // Too much is too much, whether or not there is an estimate: the reduction gives one.
  if (!known_ && usage != Usage::overusing) return;
  enter(usage, now);
  if (state_ == State::increase) increase(acknowledged_, now);
  if (state_ == State::decrease) decrease(acknowledged_, now);
  estimate_ = atLeast(estimate_);
}

// Nobody has said what to start with: what comes in the first seconds is the first estimate.
void RateControl::begin(std::optional<DataRate> acknowledged, TimePoint now) {
  if (!acknowledged) return;
  if (!firstAcknowledged_) {
    firstAcknowledged_ = now;
  } else if (now - *firstAcknowledged_ > kUntilMeasured) {
    estimate_ = *acknowledged;
    known_ = true;
  }
}

void RateControl::enter(Usage usage, TimePoint now) {
  switch (usage) {
    case Usage::normal:
      if (state_ == State::hold) {
        changed_ = now;
        state_ = State::increase;
      }
      break;
    case Usage::overusing:
      state_ = State::decrease;
      break;
    case Usage::underusing:
      state_ = State::hold;  // until the queues are empty
      break;
  }
}

void RateControl::increase(DataRate acknowledged, TimePoint now) {
  if (acknowledged > capacity_.upper()) capacity_.reset();
  const DataRate limit = scaled(acknowledged, kMostAboveAcknowledged) + kAboveAcknowledged;
  if (estimate_ < limit) {
    const double seconds = sinceChange(now).seconds();
    DataRate step;
    if (capacity_.known()) {
      step = scaled(growth(), seconds);
    } else {
      const double factor = std::pow(kGrowth, std::min(seconds, kMostGrowthTime));
      step = std::max(scaled(estimate_, factor - 1), kLeastStep);
    }
    estimate_ = std::min(estimate_ + step, limit);
  }
  changed_ = now;
}

void RateControl::decrease(DataRate acknowledged, TimePoint now) {
  DataRate reduced = scaled(acknowledged, kBackOff);
  if (reduced > kBelowMeasured) reduced -= kBelowMeasured;
  if (reduced > estimate_ && capacity_.known()) reduced = scaled(capacity_.estimate(), kBackOff);
  estimate_ = std::min(estimate_, reduced);
  // Far from what the capacity was taken for: what is measured now counts.
  if (acknowledged < capacity_.lower()) capacity_.reset();
  capacity_.onOveruse(acknowledged);
  known_ = true;
  state_ = State::hold;
  changed_ = now;
}

bool RateControl::mayReduce(DataRate acknowledged, TimePoint now) const {
  if (sinceChange(now) >= std::clamp(roundTrip_, kShortestReduction, kLongestReduction)) {
    return true;
  }
  return known_ && acknowledged < scaled(estimate_, 0.5);
}

DataRate RateControl::growth() const {
  const double frame = bits(estimate_) / kFramesPerSecond;
  const double packet = frame / std::ceil(frame / kPacketBits);
  const Duration response = (roundTrip_ + kNoticing) * 2;
  return std::max(kLeastAdded, scaled(DataRate::bitsPerSecond(1), packet / response.seconds()));
}

Duration RateControl::sinceChange(TimePoint now) const {
  return changed_ ? now - *changed_ : Duration::max();
}

DataRate RateControl::atLeast(DataRate rate) const {
  return std::max(rate, least_);
}

}  // namespace callflow::gcc
