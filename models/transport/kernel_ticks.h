// The clock of Linux's TCP timers: whole ticks, on a timer wheel that is coarser the farther ahead
// a timer lies.
#pragma once

#include <cstdint>

#include "src/units/units.h"

namespace callflow::transport {

// Ticks since the simulation began (the kernel's jiffies).
using Ticks = std::int64_t;

class KernelTicks {
 public:
  // `phase`: how long before the simulation's start the last tick was; 0 to under a tick. The
  // kernel's HZ is 250 in Debian's and most distributions' builds: a tick of 4 ms.
  explicit KernelTicks(Duration tick = Duration::ms(4), Duration phase = {})
      : tick_(tick), phase_(phase) {}

  Ticks at(TimePoint time) const { return (time.sinceStart() + phase_) / tick_; }
  // A span in ticks, rounded up.
  Ticks ceil(Duration span) const { return (span + tick_ - Duration::ns(1)) / tick_; }
  Duration length(Ticks ticks) const { return tick_ * ticks; }

  // When a timer goes off that is set at `now` for so many ticks. The wheel never fires early: it
  // rounds the deadline up to the next slot, of 1 tick when the timer is less than 63 ticks ahead,
  // of 8 when less than 504, of 64 when less than 4032 and so on (Linux kernel/time/timer.c:
  // calc_index()).
  TimePoint expiry(TimePoint now, Ticks ahead) const {
    int shift = 0;
    for (Ticks reach = 63; ahead >= reach && shift < 24; reach *= 8) shift += 3;
    const Ticks slot = ((at(now) + ahead) >> shift) + 1;
    return TimePoint::at(tick_ * (slot << shift) - phase_);
  }

 private:
  Duration tick_;
  Duration phase_;
};

}  // namespace callflow::transport
