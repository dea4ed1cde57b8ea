#include "models/video_receiver/timing.h"

#include <algorithm>

namespace callflow::video_receiver {
namespace {

// libwebrtc counts lateness in whole milliseconds: -0.5 ms is none.
constexpr Duration kOnTime = Duration::us(-500);

}  // namespace

void Timing::reset(TimePoint now) {
  extrapolator_.reset(now);
  jitterDelay_ = decodeTime_ = least_ = current_ = Duration{};
}

void Timing::setJitterDelay(Duration delay) {
  jitterDelay_ = delay;
  if (current_ == Duration{}) current_ = delay;
}

void Timing::setPlayoutDelay(Duration least, Duration most) {
  least_ = std::min(least, most);
  most_ = most;
}

void Timing::onReleased(TimePoint shown, TimePoint now) {
  const Duration late = now - latestDecode(shown);
  if (late < kOnTime) return;
  current_ = std::min(current_ + late, target());
}

TimePoint Timing::renderTime(TimePoint captured, TimePoint now) const {
  const auto expected = extrapolator_.expected(captured);
  return expected ? *expected + std::clamp(current_, least_, most_) : now;
}

Duration Timing::target() const {
  return std::max(least_, jitterDelay_ + decodeTime_ + kRenderDelay);
}

Duration Timing::bufferTarget() const {
  return std::max(target() - decodeTime_ - kRenderDelay, Duration{});
}

}  // namespace callflow::video_receiver
