// What a receiver tells the sender of all packets of a transport, whatever they carry
// (draft-holmer-rmcat-transport-wide-cc-extensions-01).
#pragma once

#include <cstdint>
#include <vector>

#include "src/units/units.h"

namespace callflow::rtp {

// Packets from `first` on, without gaps; max(): it has not come.
struct TransportFeedback {
  std::int64_t first = 0;
  std::vector<TimePoint> received;
  DataSize size;  // SRTCP
};

// Between two messages of a receiver that can itself send at `available`: what messages of 68 B
// need for 5 % of that, but 50 to 250 ms.
Duration feedbackInterval(DataRate available);
// As long as that is not known.
inline constexpr Duration kFirstFeedbackInterval = Duration::ms(100);

// Collects arrivals, and makes messages of them.
class FeedbackCollector {
 public:
  // A packet has come. One whose neighbours have been told of is told of with the next message,
  // unless that cannot reach it.
  void onPacket(std::int64_t sequence, TimePoint now);
  bool empty() const { return pending_.empty(); }
  // All that has come since the last one, which must be something. The message's memory is used.
  void fill(TransportFeedback& message);

 private:
  struct Arrival {
    std::int64_t sequence = 0;
    TimePoint at;
  };
  std::vector<Arrival> pending_;  // by sequence
  std::int64_t next_ = 0;         // the first that no message has told of
};

}  // namespace callflow::rtp
