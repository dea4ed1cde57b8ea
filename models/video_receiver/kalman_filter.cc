#include "models/video_receiver/kalman_filter.h"

#include <algorithm>
#include <cmath>

namespace callflow::video_receiver {
namespace {

// libwebrtc, frame_delay_variation_kalman_filter.cc.
constexpr double kSlopeDrift = 2.5e-10;
constexpr double kOffsetDrift = 1e-10;
constexpr double kLeastSlope = 1e-6;

}  // namespace

void KalmanFilter::update(Duration delayChange, double sizeChange, double largestFrame,
                          double variance) {
  if (largestFrame < 1 || variance <= 0) return;
  slopeVariance_ += kSlopeDrift;
  offsetVariance_ += kOffsetDrift;
  // Frames of like size say little of the slope.
  const double noise =
      (300 * std::exp(-std::abs(sizeChange) / largestFrame) + 1) * std::sqrt(variance);
  const double towardsSlope = slopeVariance_ * sizeChange + covariance_;
  const double towardsOffset = covariance_ * sizeChange + offsetVariance_;
  const double uncertainty = sizeChange * towardsSlope + towardsOffset + std::max(noise, 1.0);
  const double slopeGain = towardsSlope / uncertainty;
  const double offsetGain = towardsOffset / uncertainty;
  const double surprise = (delayChange - total(sizeChange)).milliseconds();
  slope_ = std::max(slope_ + slopeGain * surprise, kLeastSlope);
  offset_ += offsetGain * surprise;
  slopeVariance_ -= slopeGain * towardsSlope;
  covariance_ -= slopeGain * towardsOffset;
  offsetVariance_ -= offsetGain * towardsOffset;
}

}  // namespace callflow::video_receiver
