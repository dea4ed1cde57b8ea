#include "models/scream/media_rate.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace callflow::scream {
namespace {

constexpr std::size_t kOfMedian = 51;  // intervals of 200 ms: a little more than 10 s
constexpr double kLeastScale = 0.2;    // near the last that was too much

double bits(DataRate rate) {
  return static_cast<double>(rate.count());
}

}  // namespace

void MediaRate::setBounds(DataRate least, DataRate most) {
  parameters_.least = least;
  parameters_.most = most;
  target_ = std::clamp(target_, least, most);
}

void MediaRate::onLoss() {
  onCongestion();
  target_ = std::max(scaled(target_, parameters_.rateAfterLoss), parameters_.least);
}

void MediaRate::onInterval(const Interval& interval) {
  made_.push_back(interval.made);
  if (made_.size() > kOfMedian) made_.pop_front();

  double target = bits(target_);
  const double rampUp = std::min(bits(parameters_.rampUp), target / 2);
  const double step = rampUp * parameters_.rateInterval.seconds();
  const double away = 4 * (target - bits(lastMost_)) / bits(lastMost_);
  const double scale = std::clamp(away * away, kLeastScale, 1.0);
  const double current = bits(std::max(interval.sent, interval.acknowledged));
  if (interval.increasesFast) {
    target += step * scale;
  } else {
    const double waiting = 8 * static_cast<double>(interval.waiting.count());
    // The RFC's text leaves out the target, so that what it calls a change is a rate. The authors'
    // code has it.
    double change = current * (1 - parameters_.preCongestionGuard * interval.trend) -
                    parameters_.waitingFactor * waiting - target;
    if (change > 0) change = std::min(change * scale, step);
    target += change;
    if (waiting > current * parameters_.waitingLimit.seconds())
      target *= parameters_.rateWhileWaiting;
  }
  const double limit = std::max(current, bits(std::max(interval.made, median())));
  target = std::min(target, limit * (2 - interval.rememberedTrend));
  target = std::clamp(target, bits(parameters_.least), bits(parameters_.most));
  target_ = DataRate::bitsPerSecond(std::llround(target));
}

DataRate MediaRate::median() const {
  std::vector<DataRate> sorted(made_.begin(), made_.end());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  return *middle;
}

}  // namespace callflow::scream
