#include "models/gcc/interval_budget.h"

#include <algorithm>

namespace callflow::gcc {
namespace {

constexpr double kWindowSeconds = 0.5;

}  // namespace

void IntervalBudget::setRate(DataRate rate) {
  bitsPerSecond_ = static_cast<double>(rate.count());
  most_ = bitsPerSecond_ * kWindowSeconds;
  left_ = std::clamp(left_, -most_, most_);
}

void IntervalBudget::use(DataSize size) {
  left_ = std::max(left_ - static_cast<double>(size.count()) * 8, -most_);
}

void IntervalBudget::refill(Duration passed) {
  left_ = std::min(left_ + bitsPerSecond_ * passed.seconds(), most_);
}

double IntervalBudget::level() const {
  return most_ > 0 ? left_ / most_ : 0;
}

}  // namespace callflow::gcc
