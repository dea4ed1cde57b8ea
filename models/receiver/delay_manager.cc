#include "models/receiver/delay_manager.h"

#include <algorithm>

namespace callflow::receiver {

void DelayManager::update(Duration relativeDelay, bool reordered, TimePoint now) {
  if (!reorders_ || !reordered) underrun_.update(relativeDelay, now);
  target_ = underrun_.optimalDelay().value_or(start_);
  if (reorders_) {
    target_ = std::max(target_, reorder_.update(relativeDelay, reordered, target_));
  }
}

}  // namespace callflow::receiver
