#include "models/fabric/timers.h"

#include <stdexcept>

namespace callflow::fabric {

void PeriodicTimers::start(TimePoint first, Duration period, TickHandler& handler,
                           std::uint32_t index) {
  if (period <= Duration{}) throw std::invalid_argument("a timer's period must be over zero");
  auto [found, isNew] = channels_.try_emplace(period, static_cast<std::uint32_t>(periods_.size()));
  if (isNew) periods_.push_back({period, simulator_.addLane(*this, found->second)});
  std::uint32_t timer = 0;
  if (free_.empty()) {
    timer = static_cast<std::uint32_t>(timers_.size());
    timers_.emplace_back();
  } else {
    timer = free_.back();
    free_.pop_back();
  }
  timers_[timer] = {&handler, index};
  // The first tick comes at any time; from then on now + period never decreases.
  simulator_.pushOutOfOrder(periods_[found->second].lane, first, timer);
}

void PeriodicTimers::onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) {
  const Timer timer = timers_[payload];
  if (timer.handler->onTick(timer.index, now)) {
    const Period& period = periods_[channel];
    simulator_.push(period.lane, now + period.length, payload);
  } else {
    free_.push_back(payload);
  }
}

}  // namespace callflow::fabric
