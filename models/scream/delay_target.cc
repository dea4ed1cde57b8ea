#include "models/scream/delay_target.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace callflow::scream {
namespace {

constexpr std::size_t kOfVariance = 200, kOfMean = 50;  // feedbacks
constexpr double kLossEvents = 0.002;
constexpr double kSteady = 0.2;  // variance

}  // namespace

void DelayTarget::adjust(Duration queueing, double lossEvents) {
  const Duration least = parameters_.leastDelayTarget;
  history_.push_front(queueing.seconds() / least.seconds());
  if (history_.size() > kOfVariance) history_.pop_back();
  const auto count = static_cast<double>(history_.size());
  const double mean = std::accumulate(history_.begin(), history_.end(), 0.0) / count;
  double variance = 0;
  for (const double one : history_) variance += (one - mean) * (one - mean) / count;
  const auto recent = std::min(history_.size(), kOfMean);
  const double average =
      std::accumulate(history_.begin(), history_.begin() + static_cast<std::ptrdiff_t>(recent),
                      0.0) /
      static_cast<double>(recent);

  const double asked = (average + std::sqrt(variance)) * least.seconds();
  double target = target_.seconds();
  if (lossEvents > kLossEvents)
    target = 1.5 * asked;
  else if (variance < kSteady)
    target = asked;
  else if (asked < least.seconds())
    target = std::max(target * 0.5, asked);
  else
    target *= 0.9;
  target_ = std::clamp(Duration::fromSeconds(target), least, parameters_.mostDelayTarget);
}

}  // namespace callflow::scream
