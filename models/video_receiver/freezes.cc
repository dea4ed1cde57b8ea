#include "models/video_receiver/freezes.h"

#include <algorithm>

namespace callflow::video_receiver {
namespace {

// libwebrtc, video/video_quality_observer2.cc.
constexpr std::size_t kLeastFrames = 5;
constexpr Duration kLeastIncrease = Duration::ms(150);

}  // namespace

std::optional<Duration> Freezes::onFrame(TimePoint seen) {
  if (!any_) first_ = last_ = smoothSince_ = seen;
  const Duration interval = seen - last_;
  std::optional<Duration> freeze;
  if (any_ && !paused_) {
    sum_ += interval - (count_ == kWindow ? intervals_[next_] : Duration{});
    intervals_[next_] = interval;
    next_ = (next_ + 1) % kWindow;
    count_ = std::min(count_ + 1, kWindow);
    const Duration mean = sum_ / static_cast<std::int64_t>(count_);
    if (count_ >= kLeastFrames && interval >= std::max(3 * mean, mean + kLeastIncrease)) {
      freeze = interval;
      ++freezes_;
      frozen_ += interval;
      longest_ = std::max(longest_, interval);
      endSmooth(seen);
    }
  } else if (any_) {
    ++pauses_;
    pausedTime_ += interval;
    if (last_ > smoothSince_) endSmooth(seen);
    smoothSince_ = seen;
  }
  squares_ += interval.seconds() * interval.seconds();
  any_ = true;
  paused_ = false;
  last_ = seen;
  return freeze;
}

void Freezes::endSmooth(TimePoint now) {
  ++smooths_;
  smooth_ += last_ - smoothSince_;
  smoothSince_ = now;
}

}  // namespace callflow::video_receiver
