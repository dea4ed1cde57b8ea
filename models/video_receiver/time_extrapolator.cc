#include "models/video_receiver/time_extrapolator.h"

#include <algorithm>
#include <cmath>

namespace callflow::video_receiver {
namespace {

// libwebrtc, modules/video_coding/timing/timestamp_extrapolator.{h,cc}; ticks of 90 kHz.
constexpr double kTicksPerMs = 90;
constexpr double kRateVariance = 1;
constexpr double kOffsetVariance = 1e10;
constexpr std::int64_t kStartFrames = 2;
constexpr Duration kForgottenAfter = Duration::s(10);
constexpr double kNewClock = 900'000;
constexpr double kFirstOffVariance = 3000 * 3000;
constexpr std::int64_t kFramesBeforeOutliers = 300;
constexpr int kMostOutliers = 150;
constexpr double kOutlierDeviations = 2;
constexpr double kOffKept = 0.999;
constexpr double kShift = 60'000;       // frames' offs that add up to this are a new delay
constexpr double kShiftAllowed = 6600;  // a frame
constexpr double kShiftTaken = 7000;    // of a frame at most

double ticks(Duration time) {
  return time.milliseconds() * kTicksPerMs;
}

}  // namespace

void TimeExtrapolator::reset(TimePoint start) {
  *this = TimeExtrapolator();
  start_ = start;
  lastArrived_ = start;
  rate_ = kTicksPerMs;
  rateVariance_ = kRateVariance;
  offsetVariance_ = kOffsetVariance;
  offVariance_ = kFirstOffVariance;
}

void TimeExtrapolator::update(TimePoint captured, TimePoint arrived) {
  if (arrived - lastArrived_ > kForgottenAfter) reset(arrived);
  // Since libwebrtc notes the arrival before it looks for a new clock, it expects none to pass.
  if (firstCaptured_ && std::abs(ticks(captured - lastCaptured_)) > kNewClock) reset(arrived);
  lastArrived_ = arrived;

  const double time = (arrived - start_).milliseconds();
  if (!firstCaptured_) {
    firstCaptured_ = captured;
    offset_ = -rate_ * time;
  }
  const double off = ticks(captured - *firstCaptured_) - time * rate_ - offset_;
  if (isOutlier(off)) {
    if (++outliers_ <= kMostOutliers) return;
    offsetVariance_ = kOffsetVariance;
  }
  outliers_ = 0;
  if (hasShifted(off) && frames_ >= kStartFrames) offsetVariance_ = kOffsetVariance;

  const double towardsRate = rateVariance_ * time + covariance_;
  const double towardsOffset = covariance_ * time + offsetVariance_;
  const double uncertainty = 1 + time * towardsRate + towardsOffset;
  const double rateGain = towardsRate / uncertainty;
  const double offsetGain = towardsOffset / uncertainty;
  rate_ += rateGain * off;
  offset_ += offsetGain * off;
  rateVariance_ -= rateGain * towardsRate;
  covariance_ -= rateGain * towardsOffset;
  offsetVariance_ -= offsetGain * towardsOffset;
  lastCaptured_ = captured;
  ++frames_;
}

std::optional<TimePoint> TimeExtrapolator::expected(TimePoint captured) const {
  if (!firstCaptured_) return std::nullopt;
  if (frames_ < kStartFrames) return lastArrived_ + (captured - lastCaptured_);
  if (rate_ < 1e-3) return start_;
  const double time = (ticks(captured - *firstCaptured_) - offset_) / rate_;
  return start_ + Duration::fromSeconds(time / 1e3);
}

bool TimeExtrapolator::isOutlier(double off) {
  if (frames_ >= kFramesBeforeOutliers &&
      std::abs(off - offMean_) > kOutlierDeviations * std::sqrt(offVariance_))
    return true;
  offMean_ = kOffKept * offMean_ + (1 - kOffKept) * off;
  const double further = off - offMean_;
  offVariance_ = std::max(kOffKept * offVariance_ + (1 - kOffKept) * further * further, 1.0);
  return false;
}

bool TimeExtrapolator::hasShifted(double off) {
  const double taken = std::clamp(off, -kShiftTaken, kShiftTaken);
  early_ = std::max(early_ + taken - kShiftAllowed, 0.0);
  late_ = std::min(late_ + taken + kShiftAllowed, 0.0);
  if (early_ <= kShift && late_ >= -kShift) return false;
  early_ = late_ = 0;
  return true;
}

}  // namespace callflow::video_receiver
