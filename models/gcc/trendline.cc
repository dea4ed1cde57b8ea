#include "models/gcc/trendline.h"

#include <algorithm>
#include <cmath>

namespace callflow::gcc {

namespace {

// All of this: trendline_estimator.cc. Times are in ms.
constexpr double kKept = 0.9;  // of what is smoothed
constexpr double kGain = 4;
constexpr int kMostDeltas = 60;   // the gain grows with their number until there are so many
constexpr double kOverused = 10;  // for longer than this
constexpr double kAdaptUp = 0.0087, kAdaptDown = 0.039;
constexpr double kLeastThreshold = 6, kMostThreshold = 600;
constexpr double kSpike = 15;  // so far above the threshold it is a spike and teaches nothing
constexpr double kMostStep = 100;

}  // namespace

void Trendline::add(const GroupDelta& delta, TimePoint received) {
  // libwebrtc hands on arrivals in whole milliseconds.
  const double now = std::round(received.sinceStart().milliseconds());
  if (!first_) first_ = now;
  deltas_ = std::min(deltas_ + 1, kMostDeltas);

  sum_ += delta.received.milliseconds() - delta.sent.milliseconds();
  smoothed_ = kKept * smoothed_ + (1 - kKept) * sum_;
  points_[next_] = {.at = now - *first_, .delay = smoothed_};
  next_ = (next_ + 1) % kWindow;
  filled_ = std::min(filled_ + 1, kWindow);

  judge(filled_ == kWindow ? slope() : lastSlope_, delta.sent.milliseconds(), now);
}

// By least squares. Seen as rates it is (sent - capacity) / capacity.
double Trendline::slope() const {
  double at = 0, delay = 0;
  for (const Point& point : points_) {
    at += point.at;
    delay += point.delay;
  }
  at /= kWindow;
  delay /= kWindow;
  double products = 0, squares = 0;
  for (const Point& point : points_) {
    products += (point.at - at) * (point.delay - delay);
    squares += (point.at - at) * (point.at - at);
  }
  return squares == 0 ? lastSlope_ : products / squares;
}

void Trendline::judge(double slope, double sinceLast, double now) {
  if (deltas_ < 2) return;
  const double trend = deltas_ * slope * kGain;
  if (trend > threshold_) {
    // It began somewhere between the last group and this.
    overused_ = overused_ ? *overused_ + sinceLast : sinceLast / 2;
    ++overuses_;
    if (*overused_ > kOverused && overuses_ > 1 && slope >= lastSlope_) {
      overused_ = 0;
      overuses_ = 0;
      usage_ = Usage::overusing;
    }
  } else {
    overused_.reset();
    overuses_ = 0;
    usage_ = trend < -threshold_ ? Usage::underusing : Usage::normal;
  }
  lastSlope_ = slope;
  adapt(std::abs(trend), now);
}

void Trendline::adapt(double trend, double now) {
  const double step = std::min(now - adapted_.value_or(now), kMostStep);
  adapted_ = now;
  if (trend > threshold_ + kSpike) return;
  const double speed = trend < threshold_ ? kAdaptDown : kAdaptUp;
  threshold_ =
      std::clamp(threshold_ + speed * (trend - threshold_) * step, kLeastThreshold, kMostThreshold);
}

}  // namespace callflow::gcc
