#include "models/receiver/delay_target.h"

#include <algorithm>

namespace callflow::receiver {
namespace {

constexpr Duration kWindowStep = Duration::ms(250);
constexpr Duration kInterval = Duration::ms(500);    // libwebrtc: resample_interval_ms
constexpr Duration kBucketWidth = Duration::ms(20);  // kBucketSizeMs
constexpr double kForgetFactor = 0.983;
constexpr double kStartWeight = 2;
constexpr double kTail = 0.05;  // 1 - quantile

}  // namespace

DelayTarget::DelayTarget(Duration initial, Duration minimum, Duration maximum)
    : minimum_(minimum), maximum_(maximum), target_(std::clamp(initial, minimum, maximum)) {}

void DelayTarget::observe(TimePoint sent, TimePoint received) {
  const Duration transit = received - sent;
  updateWindow(sent, transit);
  if (!intervalStart_) intervalStart_ = received;
  if (received - *intervalStart_ > kInterval) {
    addToHistogram(intervalMax_);
    intervalStart_ = received;
    intervalMax_ = Duration{};
  }
  intervalMax_ = std::max(intervalMax_, transit - smallest_);
}

void DelayTarget::updateWindow(TimePoint sent, Duration transit) {
  const std::int64_t index = sent.sinceStart() / kWindowStep;
  Step& step = window_[static_cast<std::size_t>(index) % kSteps];
  if (step.index < index) {
    step = {index, transit, transit};
  } else if (step.index == index) {
    step.smallest = std::min(step.smallest, transit);
    step.largest = std::max(step.largest, transit);
  }
  std::int64_t newest = index;
  for (const Step& other : window_) newest = std::max(newest, other.index);
  smallest_ = largest_ = transit;
  for (const Step& other : window_) {
    if (other.index < 0 || other.index + static_cast<std::int64_t>(kSteps) <= newest) continue;
    smallest_ = std::min(smallest_, other.smallest);
    largest_ = std::max(largest_, other.largest);
  }
}

void DelayTarget::addToHistogram(Duration relative) {
  const auto bucket = static_cast<std::size_t>(relative / kBucketWidth);
  if (bucket < kBuckets) {
    ++additions_;
    const double start = 1 - kStartWeight / static_cast<double>(additions_ + 1);
    const double keep = std::max(0.0, std::min(kForgetFactor, start));
    for (double& weight : histogram_) weight *= keep;
    histogram_[bucket] += 1 - keep;
  }
  if (additions_ == 0) return;
  // From above, until more than the tail has been passed.
  std::size_t quantile = kBuckets - 1;
  double above = histogram_[quantile];
  while (quantile > 0 && above <= kTail) above += histogram_[--quantile];
  target_ =
      std::clamp(kBucketWidth * (static_cast<std::int64_t>(quantile) + 1), minimum_, maximum_);
}

}  // namespace callflow::receiver
