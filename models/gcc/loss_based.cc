#include "models/gcc/loss_based.h"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace callflow::gcc {
namespace {

// libwebrtc, goog_cc/loss_based_bwe_v2.cc, the values in use where no field trial says otherwise.
constexpr double kFirstInherentLoss = 0.01;
constexpr double kToleratedLoss = 0.05;  // up to here no ceiling
constexpr Duration kWindow = Duration::ms(300);
constexpr double kRisePerWindow = 1.3;
constexpr double kRampUpInHold = 1.2;
constexpr double kHoldReach = 1.3;  // below so many times the hold's rate it is still a hold
constexpr Duration kFirstHold = Duration::ms(300);
constexpr Duration kLongestHold = Duration::s(60);
constexpr std::int64_t kHoldGrowth = 2;
constexpr DataRate kLeastLimit = DataRate::kbps(5);  // bwe_defines.h

}  // namespace

LossBased::LossBased(const LossParameters& parameters)
    : parameters_(parameters),
      model_(parameters.inherentBalance, parameters.preferredLoss),
      observations_(parameters.window),
      holdFor_(kFirstHold) {
  channel_.inherentLoss = kFirstInherentLoss;
}

void LossBased::setLimits(DataRate least, DataRate most) {
  least_ = least;
  most_ = most;
}

void LossBased::setAcknowledged(DataRate rate) {
  acknowledged_ = rate;
}

void LossBased::setEstimate(DataRate rate) {
  known_ = true;
  channel_.bandwidth = rate;
  estimate_ = {rate, LossState::delayBased};
}

bool LossBased::ready() const {
  return known_ && observations_.count() >= parameters_.leastObservations;
}

LossEstimate LossBased::estimate() const {
  if (!ready()) return {delayBased_, LossState::delayBased};
  return estimate_;
}

bool LossBased::increasing() const {
  return estimate_.state == LossState::increasing ||
         estimate_.state == LossState::increasingWithPadding;
}

// While losses limit; what stays where it is goes on rising if it did so before.
bool LossBased::rises(DataRate from, DataRate to) const {
  return limited() && (from < to || (from == to && increasing()));
}

// Padding goes on for its time, and anew whenever the estimate rises.
bool LossBased::mayKeepIncreasing(DataRate rate) const {
  if (estimate_.state != LossState::increasingWithPadding) return true;
  return (paddingFrom_ && *paddingFrom_ + parameters_.padding >= observations_.end()) ||
         paddingRate_ < rate;
}

DataRate LossBased::floor() const {
  return std::max(acknowledged_.value_or(DataRate{}), least_);
}

DataRate LossBased::ceiling() const {
  const double loss = observations_.averageLoss();
  if (loss <= kToleratedLoss) return most_;
  const double bps = static_cast<double>(parameters_.balance.count()) / (loss - kToleratedLoss);
  if (bps >= static_cast<double>(most_.count())) return most_;
  return DataRate::bitsPerSecond(static_cast<std::int64_t>(bps + 0.5));
}

LossChannel LossBased::bestCandidate(bool applicationLimited) const {
  const DataRate present = channel_.bandwidth;
  DataRate highest = most_;
  if (limited() && !windowLimit_.isUnlimited()) highest = windowLimit_;
  highest = std::max(highest, present);

  LossChannel best = channel_;
  double bestLikelihood = std::numeric_limits<double>::lowest();
  const auto consider = [&](DataRate bandwidth) {
    LossChannel candidate{std::min(bandwidth, highest), channel_.inherentLoss};
    candidate = model_.refined(model_.feasible(candidate), observations_);
    const double likelihood = model_.likelihood(candidate, observations_);
    if (likelihood > bestLikelihood ||
        (likelihood == bestLikelihood && candidate.bandwidth > best.bandwidth)) {
      bestLikelihood = likelihood;
      best = candidate;
    }
  };
  for (const double factor : parameters_.candidates) consider(scaled(present, factor));
  const bool padded = paddingFrom_ && *paddingFrom_ + parameters_.padding >= observations_.end();
  if (acknowledged_ && (!applicationLimited || padded)) consider(*acknowledged_);
  if (!delayBased_.isUnlimited() && delayBased_ > present) consider(delayBased_);
  return best;
}

// What losses limit rises by steps, and by what arrives.
void LossBased::limitRise(LossChannel& candidate) const {
  const DataRate present = channel_.bandwidth;
  if (windowFrom_ && *windowFrom_ + kWindow > observations_.end()) {
    candidate.bandwidth = std::min(candidate.bandwidth, windowLimit_);
  }
  if (!acknowledged_ || !rises(present, candidate.bandwidth)) return;
  double factor = parameters_.rampUp;
  if (!holdRate_.isUnlimited() && *acknowledged_ < scaled(holdRate_, kHoldReach)) {
    factor = kRampUpInHold;
  }
  candidate.bandwidth =
      std::max(present, std::min(candidate.bandwidth, scaled(*acknowledged_, factor)));
  // By one bit a second, so that the state becomes that in which padding is sent.
  if (estimate_.state == LossState::decreasing && candidate.bandwidth == present) {
    candidate.bandwidth += DataRate::bitsPerSecond(1);
  }
}

void LossBased::onFeedback(const std::vector<congestion::PacketResult>& packets,
                           DataRate delayBased, bool applicationLimited) {
  delayBased_ = delayBased;
  if (!observations_.add(packets)) return;
  if (!known_) {
    if (delayBased.isUnlimited()) return;
    setEstimate(delayBased);
  }

  LossChannel candidate = bestCandidate(applicationLimited);
  // More is lost than the path itself loses: no time to send more.
  if (observations_.averageLoss() > candidate.inherentLoss) {
    candidate.bandwidth = std::min(candidate.bandwidth, channel_.bandwidth);
  }
  if (limited()) limitRise(candidate);

  const DataRate bounded =
      std::max(floor(), std::min({candidate.bandwidth, ceiling(), delayBased_}));
  if (bounded < candidate.bandwidth) {
    channel_ = {bounded, 0};
  } else {
    channel_ = candidate;
    channel_.bandwidth = std::max(channel_.bandwidth, floor());
  }
  settle(bounded);
}

void LossBased::settle(DataRate bounded) {
  const TimePoint now = observations_.end();
  const bool held = estimate_.state == LossState::decreasing && holdUntil_ && *holdUntil_ > now;
  if (held && bounded < delayBased_) {
    holdRate_ = std::max(holdRate_, floor());
    estimate_.rate = std::min(holdRate_, bounded);
    return;
  }

  const bool lossLimits = bounded < delayBased_ && bounded < most_;
  if (lossLimits && rises(estimate_.rate, bounded) && mayKeepIncreasing(bounded)) {
    const bool pads = parameters_.padding > Duration{};
    if (pads && bounded > paddingRate_) {
      paddingRate_ = bounded;
      paddingFrom_ = now;
    }
    estimate_.state = pads ? LossState::increasingWithPadding : LossState::increasing;
  } else {
    if (!lossLimits) {
      holdUntil_.reset();
      holdFor_ = kFirstHold;
      holdRate_ = DataRate::unlimited();
      estimate_.state = LossState::delayBased;
    } else if (estimate_.state != LossState::decreasing) {
      holdUntil_ = now + holdFor_;
      holdFor_ = std::min(kLongestHold, holdFor_ * kHoldGrowth);
      holdRate_ = bounded;
      estimate_.state = LossState::decreasing;
    }
    paddingFrom_.reset();
    paddingRate_ = DataRate{};
  }
  estimate_.rate = bounded;
  openWindow();
}

void LossBased::openWindow() {
  const TimePoint now = observations_.end();
  if (!limited() || (windowFrom_ && *windowFrom_ + kWindow >= now)) return;
  windowLimit_ = std::max(kLeastLimit, scaled(channel_.bandwidth, kRisePerWindow));
  windowFrom_ = now;
}

}  // namespace callflow::gcc
