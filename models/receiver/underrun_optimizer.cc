#include "models/receiver/underrun_optimizer.h"

#include <algorithm>
#include <cstddef>

#include "models/receiver/delay_manager.h"

namespace callflow::receiver {

void UnderrunOptimizer::update(Duration relativeDelay, TimePoint now) {
  Duration sample = relativeDelay;
  if (interval_ > Duration{}) {
    if (!intervalStart_) intervalStart_ = now;
    if (now - *intervalStart_ <= interval_) {
      intervalMax_ = std::max(intervalMax_, relativeDelay);
      return;
    }
    // The delay that ends an interval is the first of the next.
    sample = intervalMax_;
    intervalStart_ = now;
    intervalMax_ = relativeDelay;
  }
  histogram_.add(static_cast<std::size_t>(sample / kDelayBucket));
  if (histogram_.empty()) return;
  optimal_ = kDelayBucket * (static_cast<std::int64_t>(histogram_.quantile(quantile_)) + 1);
}

}  // namespace callflow::receiver
