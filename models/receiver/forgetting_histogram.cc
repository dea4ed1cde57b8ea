#include "models/receiver/forgetting_histogram.h"

#include <algorithm>

namespace callflow::receiver {

void ForgettingHistogram::add(std::size_t bucket) {
  if (bucket >= kBuckets) return;
  ++additions_;
  const double start = 1 - startWeight_ / static_cast<double>(additions_ + 1);
  const double keep = std::clamp(start, 0.0, forgetFactor_);
  if (keep == 0) {
    weights_.fill(0);
    scale_ = 1;
    highest_ = 0;
  } else {
    scale_ *= keep;
  }
  weights_[bucket] += (1 - keep) / scale_;
  highest_ = std::max(highest_, bucket);
  constexpr double kSmallest = 1e-9;  // the factor is taken in before it gets too small
  if (scale_ < kSmallest) {
    for (double& weight : weights_) weight *= scale_;
    scale_ = 1;
  }
}

std::size_t ForgettingHistogram::quantile(double probability) const {
  // From above, until more than the tail has been passed.
  const double tail = (1 - probability) / scale_;
  std::size_t index = highest_;
  double above = weights_[index];
  while (index > 0 && above <= tail) above += weights_[--index];
  return index;
}

}  // namespace callflow::receiver
