#include "models/receiver/reorder_optimizer.h"

#include <algorithm>
#include <cstddef>

#include "models/receiver/delay_manager.h"

namespace callflow::receiver {

Duration ReorderOptimizer::update(Duration relativeDelay, bool reordered, Duration base) {
  histogram_.add(reordered ? static_cast<std::size_t>(relativeDelay / kDelayBucket) : 0);
  const std::size_t highest = histogram_.highest();
  const double percentCost = 100 * perLossPercent_.seconds();
  double later = 1;
  double least = 0;
  std::size_t best = 0;
  for (std::size_t i = 0; i <= highest; ++i) {
    later = i == highest ? 0 : later - histogram_.share(i);
    const Duration wait = kDelayBucket * static_cast<std::int64_t>(i);
    const double cost = std::max(Duration{}, wait - base).seconds() + percentCost * later;
    if (i == 0 || cost < least) {
      least = cost;
      best = i;
    }
  }
  return kDelayBucket * (static_cast<std::int64_t>(best) + 1);
}

}  // namespace callflow::receiver
