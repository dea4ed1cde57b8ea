// A clock that runs a little fast or slow: by whole parts per million, so that it converts exactly.
#pragma once

#include <cstdint>

#include "src/units/units.h"

namespace callflow::receiver {

class ClockRate {
 public:
  constexpr ClockRate() = default;
  // Its second takes `slow` microseconds more than a true one.
  constexpr explicit ClockRate(std::int64_t slow) : slow_(slow) {}
  constexpr std::int64_t slow() const { return slow_; }

  // What the clock shows as `length` lasts so long, to the nanosecond below.
  constexpr Duration lasts(Duration length) const {
    return length + Duration::ns(floorDiv(length.count() * slow_, kMillion));
  }
  // The true time at which it shows `shown`.
  constexpr TimePoint trueTime(TimePoint shown) const {
    return TimePoint::at(lasts(shown.sinceStart()));
  }
  // The first that it shows at `time` or later.
  constexpr TimePoint shownAt(TimePoint time) const {
    Duration shown =
        time.sinceStart() - Duration::ns(floorDiv(time.count() * slow_, kMillion + slow_));
    while (lasts(shown) < time.sinceStart()) shown += Duration::ns(1);
    while (lasts(shown - Duration::ns(1)) >= time.sinceStart()) shown = shown - Duration::ns(1);
    return TimePoint::at(shown);
  }

 private:
  static constexpr std::int64_t kMillion = 1'000'000;
  static constexpr std::int64_t floorDiv(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
  }

  std::int64_t slow_ = 0;
};

}  // namespace callflow::receiver
