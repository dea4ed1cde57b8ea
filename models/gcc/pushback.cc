#include "models/gcc/pushback.h"

#include <algorithm>

namespace callflow::gcc {
namespace {

// rate_control_settings.cc: QueueSize:350,MinBitrate:30000.
constexpr Duration kAcceptedQueue = Duration::ms(350);
constexpr DataRate kLeastRate = DataRate::kbps(30);
constexpr DataSize kLeastWindow = DataSize::bytes(2 * 1500);

}  // namespace

void Pushback::onFeedback(Duration longestRoundTrip) {
  roundTrips_[seen_ % kRoundTrips] = longestRoundTrip;
  ++seen_;
}

void Pushback::setTarget(DataRate target) {
  if (seen_ == 0) return;
  const auto kept = static_cast<std::ptrdiff_t>(std::min(seen_, kRoundTrips));
  const Duration shortest = *std::min_element(roundTrips_.begin(), roundTrips_.begin() + kept);
  DataSize window = dataIn(target, shortest + kAcceptedQueue);
  if (window_) window = DataSize::bytes((window + *window_).count() / 2);
  window_ = std::max(kLeastWindow, window);
}

DataRate Pushback::reduced(DataRate target) {
  if (!window_) return target;
  const double filled =
      static_cast<double>(inFlight_.count()) / static_cast<double>(window_->count());
  if (filled > 1.5) {
    share_ *= 0.9;
  } else if (filled > 1) {
    share_ *= 0.95;
  } else if (filled < 0.1) {
    share_ = 1;
  } else {
    share_ = std::min(1.0, share_ * 1.05);
  }
  return std::max(scaled(target, share_), std::min(target, kLeastRate));
}

double Pushback::share(DataRate target) {
  if (target <= DataRate{}) return 1;
  return static_cast<double>(reduced(target).count()) / static_cast<double>(target.count());
}

}  // namespace callflow::gcc
