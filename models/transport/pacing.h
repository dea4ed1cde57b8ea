// When a sender that paces itself may send next: the earliest departure times of Linux's TCP
// without a pacing queue below it (net/ipv4/tcp_output.c: tcp_update_skb_after_send(),
// tcp_pacing_check()).
#pragma once

#include <algorithm>
#include <cstdint>

#include "src/units/units.h"

namespace callflow::transport {

class Pacer {
 public:
  // Segments that a connection sends before pacing begins.
  static constexpr std::int64_t kUnpaced = 10;

  // Nothing may leave before it.
  TimePoint next() const { return next_; }
  bool open(TimePoint now) const { return next_ <= now; }
  Duration wait(TimePoint now) const { return std::max(next_ - now, Duration{}); }

  // Bytes without their headers have left together; `sentEver` counts the connection's data
  // segments including these. A rate of zero does not pace.
  void sent(DataSize size, DataRate rate, std::int64_t sentEver, TimePoint now) {
    const TimePoint before = next_;
    next_ = std::max(next_, now);
    if (sentEver < kUnpaced || rate == DataRate{}) return;
    const Duration length = transmissionTime(size, rate);
    // Who sends late catches up, by half of the spacing at most.
    next_ += length - std::min(length / 2, next_ - before);
  }

 private:
  TimePoint next_;
};

}  // namespace callflow::transport
