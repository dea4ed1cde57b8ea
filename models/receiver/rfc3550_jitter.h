// Interarrival jitter as RFC 3550 defines it.
#pragma once

#include <optional>

#include "src/units/units.h"

namespace callflow::receiver {

// RFC 3550 6.4.1 and A.8: with D the change in transit time from one packet to the next in order of
// arrival, J += (|D| - J) / 16. In nanoseconds, not in ticks of the RTP clock: a report in ticks of
// 48 kHz is coarser by up to 21 us.
class Rfc3550Jitter {
 public:
  // |D|; of the first packet zero.
  Duration arrival(TimePoint sent, TimePoint received) {
    const Duration transit = received - sent;
    Duration change;
    if (previous_) {
      change = transit < *previous_ ? *previous_ - transit : transit - *previous_;
      jitterNs_ += (static_cast<double>(change.count()) - jitterNs_) / 16;
    }
    previous_ = transit;
    return change;
  }
  double seconds() const { return jitterNs_ * 1e-9; }

 private:
  std::optional<Duration> previous_;
  double jitterNs_ = 0;
};

}  // namespace callflow::receiver
