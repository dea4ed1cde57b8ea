#include <algorithm>
#include <cmath>

#include "models/gcc/throughput.h"

namespace callflow::gcc {

namespace {

// bitrate_estimator.cc.
constexpr Duration kFirstWindow = Duration::ms(500), kWindow = Duration::ms(150);
constexpr double kUncertainty = 10;
constexpr double kDrift = 5;       // of the variance, with each sample
constexpr double kSurprise = 200;  // when the rate may jump

}  // namespace

void BayesianThroughput::add(std::span<const congestion::PacketResult> arrived) {
  for (const congestion::PacketResult& result : arrived) {
    if (limitedUntil_ && result.packet.sent > *limitedUntil_) {
      variance_ += kSurprise;
      limitedUntil_.reset();
    }
    if (const auto rate = sample(result.received, result.packet.size)) update(*rate);
  }
}

// What came in a window, in kbit/s, when one is over.
std::optional<double> BayesianThroughput::sample(TimePoint received, DataSize size) {
  const Duration length = estimate_ ? kWindow : kFirstWindow;
  if (last_ && received < *last_) {
    last_.reset();
    sum_ = {};
    window_ = {};
  }
  if (last_) {
    const Duration gap = received - *last_;
    window_ += gap;
    if (gap > length) {
      sum_ = {};
      window_ = window_ - length * (window_ / length);
    }
  }
  last_ = received;
  std::optional<double> rate;
  if (window_ >= length) {
    rate = static_cast<double>(rateOf(sum_, length).count()) / 1e3;
    window_ -= length;
    sum_ = {};
  }
  sum_ += size;
  return rate;
}

void BayesianThroughput::update(double sample) {
  if (!estimate_) {
    estimate_ = sample;
    return;
  }
  const double uncertainty =
      *estimate_ > 0 ? kUncertainty * std::abs(*estimate_ - sample) / *estimate_ : 0;
  const double ofSample = uncertainty * uncertainty;
  const double predicted = variance_ + kDrift;
  estimate_ = (ofSample * *estimate_ + predicted * sample) / (ofSample + predicted);
  variance_ = ofSample * predicted / (ofSample + predicted);
}

std::optional<DataRate> BayesianThroughput::rate() const {
  if (!estimate_) return {};
  return scaled(DataRate::kbps(1), *estimate_);
}

}  // namespace callflow::gcc
