// How much longer a frame was on its way than the one before it.
#pragma once

#include <optional>

#include "src/units/units.h"

namespace callflow::video_receiver {

class DelayChange {
 public:
  // Of the first frame zero; nothing for one that was captured no later than the last.
  std::optional<Duration> next(TimePoint captured, TimePoint arrived) {
    std::optional<Duration> change;
    if (!captured_) {
      change = Duration{};
    } else if (captured <= *captured_) {
      return change;
    } else {
      change = (arrived - arrived_) - (captured - *captured_);
    }
    captured_ = captured;
    arrived_ = arrived;
    return change;
  }

 private:
  std::optional<TimePoint> captured_;
  TimePoint arrived_;
};

}  // namespace callflow::video_receiver
