#include "models/scream/queue_delay.h"

#include <algorithm>
#include <numeric>

namespace callflow::scream {
namespace {

constexpr std::size_t kMinutes = 10;   // RFC 6817 3.4.2, BASE_HISTORY
constexpr double kTrendFading = 0.99;  // RFC 8298 4.1.2

}  // namespace

void QueueDelay::add(Duration oneWayDelay, Duration target, TimePoint now) {
  remember(oneWayDelay, now);
  queueing_ = oneWayDelay - *std::min_element(least_.begin(), least_.end());
  const double fraction = queueing_.seconds() / target.seconds();
  average_ += parameters_.delayWeight * (fraction - average_);
  sample(fraction, now);
  trend_ = std::clamp(persistence() * average_, 0.0, 1.0);
  remembered_ = std::max(kTrendFading * remembered_, trend_);
}

// Minute by minute, so that clocks that drift apart and longer routes are got used to.
void QueueDelay::remember(Duration oneWayDelay, TimePoint now) {
  const std::int64_t minute = now.sinceStart() / Duration::s(60);
  if (minute != minute_) {
    minute_ = minute;
    least_.push_back(oneWayDelay);
    if (least_.size() > kMinutes) least_.pop_front();
  }
  least_.back() = std::min(least_.back(), oneWayDelay);
}

// Every 50 ms. Where feedback is rarer, what it said last is sampled again.
void QueueDelay::sample(double fraction, TimePoint now) {
  const Duration interval = parameters_.fractionInterval;
  const std::int64_t due = lastSample_ ? (now - *lastSample_) / interval : 1;
  const auto most = static_cast<std::int64_t>(parameters_.fractions);
  for (std::int64_t i = std::max<std::int64_t>(0, due - most); i < due; ++i) {
    fractions_.pop_front();
    fractions_.push_back(i + 1 < due ? fraction_ : fraction);
  }
  lastSample_ = lastSample_ ? *lastSample_ + interval * due : now;
  fraction_ = fraction;
}

// a: autocorrelation of the fractions at one step over that at none.
double QueueDelay::persistence() const {
  const double mean = std::accumulate(fractions_.begin(), fractions_.end(), 0.0) /
                      static_cast<double>(fractions_.size());
  double none = 0, one = 0;
  for (std::size_t i = 0; i < fractions_.size(); ++i) {
    none += (fractions_[i] - mean) * (fractions_[i] - mean);
    if (i > 0) one += (fractions_[i] - mean) * (fractions_[i - 1] - mean);
  }
  return none > 0 ? one / none : 0;
}

}  // namespace callflow::scream
