#include "models/video_receiver/round_trip_filter.h"

#include <algorithm>
#include <cmath>

namespace callflow::video_receiver {
namespace {

// libwebrtc, modules/video_coding/timing/rtt_filter.cc.
constexpr Duration kMost = Duration::s(3);
constexpr int kMostWeight = 35;
constexpr double kJumpDeviations = 2.5;
constexpr double kDriftDeviations = 3.5;

}  // namespace

void RoundTripFilter::update(Duration roundTrip) {
  if (!started_ && roundTrip == Duration{}) return;
  started_ = true;
  roundTrip = std::min(roundTrip, kMost);
  const double keep = static_cast<double>(weight_ - 1) / weight_;
  weight_ = std::min(weight_ + 1, kMostWeight);
  const double oldAverage = averageMs_;
  const double oldVariance = variance_;
  averageMs_ = keep * averageMs_ + (1 - keep) * roundTrip.milliseconds();
  const double off = roundTrip.milliseconds() - averageMs_;
  variance_ = keep * variance_ + (1 - keep) * off * off;
  longest_ = std::max(longest_, roundTrip);
  if (fitsAverage(roundTrip)) {
    followDrift(roundTrip);
  } else {
    averageMs_ = oldAverage;
    variance_ = oldVariance;
  }
}

bool RoundTripFilter::fitsAverage(Duration roundTrip) {
  const double off = averageMs_ - roundTrip.milliseconds();
  if (std::abs(off) <= kJumpDeviations * std::sqrt(variance_)) {
    jump_.count = 0;
    return true;
  }
  const bool down = off >= 0;
  if (down != lastJumpDown_) jump_.count = 0;
  lastJumpDown_ = down;
  jump_.values[jump_.count++] = roundTrip;
  if (jump_.count < kSamples) return false;
  restart(jump_);
  return true;
}

void RoundTripFilter::followDrift(Duration roundTrip) {
  if (longest_.milliseconds() - averageMs_ <= kDriftDeviations * std::sqrt(variance_)) {
    drift_.count = 0;
    return;
  }
  drift_.values[drift_.count++] = roundTrip;
  if (drift_.count == kSamples) restart(drift_);
}

void RoundTripFilter::restart(Samples& samples) {
  longest_ = Duration{};
  Duration sum;
  for (const Duration value : samples.values) {
    longest_ = std::max(longest_, value);
    sum += value;
  }
  averageMs_ = sum.milliseconds() / kSamples;
  weight_ = static_cast<int>(kSamples) + 1;
  samples.count = 0;
}

}  // namespace callflow::video_receiver
