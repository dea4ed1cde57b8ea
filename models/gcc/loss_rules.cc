#include "models/gcc/loss_rules.h"

#include <algorithm>
#include <utility>

namespace callflow::gcc {

namespace {

// All of this: send_side_bandwidth_estimation.cc.
constexpr std::int64_t kLeastPackets = 20;
constexpr std::int64_t kMostShare = 255, kWholeShare = 256;
constexpr double kLow = 0.02, kHigh = 0.1;
constexpr double kGrowth = 1.08;
constexpr DataRate kLeastStep = DataRate::kbps(1);
constexpr Duration kHistory = Duration::ms(999);
constexpr Duration kBetweenDecreases = Duration::ms(300);
constexpr Duration kShareIsOld = Duration::s(6);
constexpr Duration kStart = Duration::s(2);

}  // namespace

bool LossRules::onReport(std::int64_t lost, std::int64_t expected, TimePoint now) {
  if (!firstReport_) firstReport_ = now;
  if (expected <= 0) return false;
  lost_ += lost;
  expected_ += expected;
  if (expected_ < kLeastPackets) return false;
  lost = std::max<std::int64_t>(std::exchange(lost_, 0), 0);
  expected = std::exchange(expected_, 0);
  share_ = static_cast<double>(std::min(lost * kWholeShare / expected, kMostShare)) / kWholeShare;
  lastShare_ = now;
  decreasedForShare_ = false;
  return true;
}

bool LossRules::starting(TimePoint now) const {
  return !firstReport_ || now - *firstReport_ < kStart;
}

void LossRules::remember(DataRate target, TimePoint now) {
  while (!history_.empty() && now - history_.front().at > kHistory) history_.pop_front();
  while (!history_.empty() && target <= history_.back().target) history_.pop_back();
  history_.push_back({now, target});
}

std::optional<DataRate> LossRules::next(DataRate target, TimePoint now) {
  if (!lastShare_ || now - *lastShare_ >= kShareIsOld) return {};
  if (share_ <= kLow) return scaled(history_.front().target, kGrowth) + kLeastStep;
  if (share_ <= kHigh || decreasedForShare_) return {};
  if (decreasedWithin(kBetweenDecreases + roundTrip_, now)) return {};
  decreased_ = now;
  decreasedForShare_ = true;
  return scaled(target, 1 - share_ / 2);
}

}  // namespace callflow::gcc
