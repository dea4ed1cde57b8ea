#include "models/video/overshoot.h"

#include <algorithm>
#include <cstddef>

namespace callflow::video {
namespace {

constexpr Duration kWindow = Duration::s(3);
constexpr std::size_t kMostPoints = 100;

double bitsOf(DataSize size) {
  return static_cast<double>(size.count()) * 8;
}

}  // namespace

void LineOvershoot::drain(TimePoint now) {
  waiting_ = std::max(0.0, waiting_ - target_ * (now - drained_).seconds());
  drained_ = now;
}

void LineOvershoot::setTarget(DataRate target, double framesPerSecond, TimePoint now) {
  if (target_ > 0) {
    drain(now);
  } else {
    samples_.clear();
    sum_ = waiting_ = 0;
    drained_ = now;
  }
  target_ = static_cast<double>(target.count());
  framesPerSecond_ = framesPerSecond;
}

void LineOvershoot::onFrame(DataSize size, TimePoint now) {
  drain(now);
  if (target_ <= 0 || framesPerSecond_ <= 0) return;
  const double bits = bitsOf(size);
  const double ideal = target_ / framesPerSecond_;
  const double over = std::clamp(bits + waiting_ - ideal, 0.0, waiting_);
  // Of the first frame nobody knows what it waits for.
  const double factor = samples_.empty() ? std::max(1.0, bits / ideal) : 1 + over / ideal;
  // What was counted is not counted again.
  waiting_ += bits - over;
  samples_.push_back({now, factor});
  sum_ += factor;
}

std::optional<double> LineOvershoot::factor(TimePoint now) {
  while (!samples_.empty() && samples_.front().at < now - kWindow) {
    sum_ = std::max(0.0, sum_ - samples_.front().factor);
    samples_.pop_front();
  }
  if (samples_.empty()) return std::nullopt;
  return sum_ / static_cast<double>(samples_.size());
}

void MeanOvershoot::cull(TimePoint now) {
  // It begins with a frame, as what is told is counted from one on.
  while (!points_.empty() && (points_.front().at < now - kWindow || points_.size() > kMostPoints ||
                              points_.front().bits == 0)) {
    points_.pop_front();
  }
}

void MeanOvershoot::setTarget(DataRate target, TimePoint now) {
  target_ = static_cast<double>(target.count());
  if (points_.empty()) return;
  if (points_.back().at == now) {
    points_.back().target = target_;
  } else {
    points_.push_back({now, target_, 0});
  }
  cull(now);
}

void MeanOvershoot::onFrame(DataSize size, TimePoint now) {
  if (!points_.empty() && points_.back().at == now) {
    points_.back().bits += bitsOf(size);
  } else {
    points_.push_back({now, target_, bitsOf(size)});
  }
  cull(now);
}

std::optional<double> MeanOvershoot::factor(TimePoint now) const {
  if (points_.empty()) return std::nullopt;
  double made = 0, told = 0;
  double last = 0, toldSinceLast = 0;  // of the last frame
  for (std::size_t i = 0; i < points_.size(); ++i) {
    const Point& point = points_[i];
    const double since =
        i == 0 ? 0 : points_[i - 1].target * (point.at - points_[i - 1].at).seconds();
    made += point.bits;
    told += since;
    if (point.bits == 0) {
      toldSinceLast = std::min(last, toldSinceLast + since);
    } else {
      last = point.bits;
      toldSinceLast = 0;
    }
  }
  // The last frame has as long as it takes.
  told +=
      std::max(points_.back().target * (now - points_.back().at).seconds(), last - toldSinceLast);
  if (told <= 0) return std::nullopt;
  return made / told;
}

}  // namespace callflow::video
