#include "models/transport/rtt_estimator.h"

#include <algorithm>

namespace callflow::transport {

void RttEstimator::sample(Duration rtt, std::int64_t acknowledged, std::int64_t next) {
  if (!measured()) {
    eighths_ = std::max(rtt * 8, Duration::ns(1));
    quarters_ = rtt * 2;
    variation_ = std::max(quarters_, minimumRto_);
    largest_ = variation_;
    roundEnd_ = next;
    return;
  }
  Duration error = rtt - eighths_ / 8;
  eighths_ += error;
  if (error < Duration{}) {
    error = -error - quarters_ / 4;
    // A shorter round trip widens the deviation by an eighth of what a longer one would.
    if (error > Duration{}) error = error / 8;
  } else {
    error -= quarters_ / 4;
  }
  quarters_ += error;
  if (quarters_ > largest_) {
    largest_ = quarters_;
    variation_ = std::max(variation_, largest_);
  }
  if (acknowledged > roundEnd_) {
    if (largest_ < variation_) variation_ -= (variation_ - largest_) / 4;
    roundEnd_ = next;
    largest_ = minimumRto_;
  }
}

Duration RttEstimator::timeout() const {
  if (!measured()) return Duration::s(1);
  return std::min(smoothed() + variation_, maximumRto_);
}

}  // namespace callflow::transport
