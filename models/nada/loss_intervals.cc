#include "models/nada/loss_intervals.h"

#include <algorithm>

namespace callflow::nada {
namespace {

constexpr std::array<double, 8> kWeights{1, 1, 1, 1, 0.8, 0.6, 0.4, 0.2};  // RFC 5348 5.4

}  // namespace

void LossIntervals::received() {
  if (losing_) {
    std::copy_backward(intervals_.begin(), intervals_.end() - 1, intervals_.end());
    intervals_[0] = lasting_;
    closed_ = std::min(closed_ + 1, intervals_.size());
    lasting_ = 0;
  }
  losing_ = false;
  ++lasting_;
}

double LossIntervals::mean() const {
  double sum = 0, weights = 0;
  for (std::size_t i = 0; i < closed_; ++i) {
    sum += kWeights[i] * static_cast<double>(intervals_[i]);
    weights += kWeights[i];
  }
  return sum / weights;
}

}  // namespace callflow::nada
