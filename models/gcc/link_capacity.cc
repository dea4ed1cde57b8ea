#include "models/gcc/link_capacity.h"

#include <algorithm>
#include <cmath>

namespace callflow::gcc {

namespace {

// link_capacity_estimator.cc.
constexpr double kNew = 0.05;
constexpr double kLeastVariance = 0.4, kMostVariance = 2.5;
constexpr double kDeviations = 3;

double kilobits(DataRate rate) {
  return static_cast<double>(rate.count()) / 1e3;
}

DataRate ofKilobits(double rate) {
  return scaled(DataRate::kbps(1), rate);
}

}  // namespace

void LinkCapacity::onOveruse(DataRate acknowledged) {
  const double sample = kilobits(acknowledged);
  estimate_ = estimate_ ? (1 - kNew) * *estimate_ + kNew * sample : sample;
  const double error = *estimate_ - sample;
  variance_ = std::clamp((1 - kNew) * variance_ + kNew * error * error / std::max(*estimate_, 1.0),
                         kLeastVariance, kMostVariance);
}

DataRate LinkCapacity::estimate() const {
  return ofKilobits(*estimate_);
}

DataRate LinkCapacity::upper() const {
  return known() ? ofKilobits(*estimate_ + kDeviations * deviation()) : DataRate::unlimited();
}

DataRate LinkCapacity::lower() const {
  return known() ? ofKilobits(std::max(0.0, *estimate_ - kDeviations * deviation())) : DataRate{};
}

double LinkCapacity::deviation() const {
  return std::sqrt(variance_ * *estimate_);
}

}  // namespace callflow::gcc
