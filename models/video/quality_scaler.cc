#include "models/video/quality_scaler.h"

#include <cmath>
#include <numeric>

namespace callflow::video {
namespace {

constexpr Duration kFirstPeriod = Duration::s(2);
// Once it was too bad: 2.5 times as long, and half as long while there are too few frames.
constexpr Duration kPeriod = Duration::s(5);
constexpr Duration kShortPeriod = Duration::s(1);
constexpr std::size_t kLeastFrames = 60;
constexpr std::size_t kMostFrames = 150;
constexpr double kDroppedTooMany = 0.6;

// Two seconds to find it bad, ten to find it good.
constexpr double kKeptForBad = 0.9995;
constexpr double kKeptForGood = 0.9999;

}  // namespace

void QualityScaler::Mean::add(double sample, Duration since) {
  const double kept = std::pow(keptInMillisecond, since.milliseconds());
  value = value ? kept * *value + (1 - kept) * sample : sample;
}

QualityScaler::QualityScaler(const QpScale& scale, TimePoint start)
    : scale_(scale),
      next_(start + kFirstPeriod),
      forBad_{kKeptForBad, {}},
      forGood_{kKeptForGood, {}},
      last_(start) {}

void QualityScaler::onFrame(int qp, TimePoint now) {
  forBad_.add(qp, now - last_);
  forGood_.add(qp, now - last_);
  last_ = now;
  dropped_.push_back(false);
  if (dropped_.size() > kMostFrames) dropped_.pop_front();
}

void QualityScaler::onDropped() {
  dropped_.push_back(true);
  if (dropped_.size() > kMostFrames) dropped_.pop_front();
}

bool QualityScaler::enough() const {
  return dropped_.size() >= kLeastFrames;
}

std::optional<Verdict> QualityScaler::judge() const {
  if (!enough()) return std::nullopt;
  const double drops = std::accumulate(dropped_.begin(), dropped_.end(), 0.0);
  if (drops >= kDroppedTooMany * static_cast<double>(dropped_.size())) return Verdict::tooBad;
  if (!forBad_.value) return std::nullopt;
  // Whole numbers, rounded down.
  if (std::floor(*forBad_.value) > scale_.high) return Verdict::tooBad;
  if (std::floor(*forGood_.value) <= scale_.low) return Verdict::goodEnough;
  return std::nullopt;
}

std::optional<Verdict> QualityScaler::check(TimePoint now) {
  if (now < next_) return std::nullopt;
  const std::optional<Verdict> verdict = judge();
  if (verdict == Verdict::tooBad) everBad_ = true;
  next_ = now + (!everBad_ ? kFirstPeriod : enough() ? kPeriod : kShortPeriod);
  if (verdict) {
    forBad_.value.reset();
    forGood_.value.reset();
    dropped_.clear();
  }
  return verdict;
}

}  // namespace callflow::video
