#include "models/quality/network_diagnostic.h"

#include <algorithm>

namespace callflow::quality {
namespace {

constexpr double kConcealed = 0.07, kFrozen = 0.5, kLost = 0.10;
constexpr double kRoundTripSeconds = 0.5;

// 1: at its limit.
double worstOf(const NetworkSecond& mean) {
  return std::max({mean.concealed / kConcealed, mean.frozen / kFrozen, mean.lost / kLost,
                   mean.roundTrip.seconds() / kRoundTripSeconds});
}

NetworkQuality qualityOf(double worst) {
  if (worst > 1) return NetworkQuality::bad;
  return worst > 0.5 ? NetworkQuality::poor : NetworkQuality::good;
}

}  // namespace

std::optional<NetworkQuality> NetworkDiagnostic::add(const NetworkSecond& second) {
  last_[next_] = second;
  next_ = (next_ + 1) % kSeconds;
  NetworkSecond mean;
  for (const NetworkSecond& each : last_) {
    mean.concealed += each.concealed / kSeconds;
    mean.frozen += each.frozen / kSeconds;
    mean.lost += each.lost / kSeconds;
    mean.roundTrip += each.roundTrip / static_cast<std::int64_t>(kSeconds);
  }
  const NetworkQuality now = qualityOf(worstOf(mean));
  betterFor_ = now < told_ ? betterFor_ + 1 : 0;
  if (now == told_ || (now < told_ && betterFor_ < kSeconds)) return {};
  betterFor_ = 0;
  told_ = now;
  return now;
}

}  // namespace callflow::quality
