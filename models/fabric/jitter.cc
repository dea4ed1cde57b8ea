#include "models/fabric/jitter.h"

#include <cmath>
#include <numbers>

namespace callflow::fabric {

namespace {

Duration drawDelay(const JitterParameters& parameters, RandomStream& random) {
  if (parameters.mean <= Duration{}) return Duration{};
  const double mean = static_cast<double>(parameters.mean.count());
  switch (parameters.distribution) {
    case JitterDistribution::exponential:
      return random.exponential(parameters.mean);
    case JitterDistribution::uniform:
      return Duration::ns(std::llround(2 * mean * random.uniform()));
    case JitterDistribution::halfNormal: {
      // Box and Muller; the mean of |N(0, s)| is s sqrt(2/pi).
      const double sigma = mean * std::sqrt(std::numbers::pi / 2);
      const double radius = std::sqrt(-2 * std::log(random.uniform()));
      return Duration::ns(std::llround(
          sigma * radius * std::abs(std::cos(2 * std::numbers::pi * random.uniform()))));
    }
  }
  return Duration{};
}

}  // namespace

Duration drawJitter(const JitterParameters& parameters, RandomStream& random) {
  const Duration delay = drawDelay(parameters, random);
  const Reordering& reorder = parameters.reorder;
  if (reorder.share <= Ratio{}) return delay;
  const bool spared = random.uniform() < reorder.share.value();
  return spared ? delay : delay + reorder.by;
}

}  // namespace callflow::fabric
