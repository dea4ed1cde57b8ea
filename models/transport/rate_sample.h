// How fast the network delivers, measured with each acknowledgement as Linux does it
// (net/ipv4/tcp_rate.c; Cheng, Cardwell, Hassas Yeganeh, Jacobson: Delivery Rate Estimation,
// draft-cheng-iccrg-delivery-rate-estimation). Without a clock.
#pragma once

#include <cstdint>
#include <deque>

#include "src/units/units.h"

namespace callflow::transport {

// What one acknowledgement says.
struct RateSample {
  // So many packets within `interval`, the longer of the times that they took to be sent and to be
  // acknowledged. Negative if there is nothing to tell it from.
  std::int64_t delivered = -1;
  Duration interval;                // zero if it is shorter than any round trip: not to be believed
  std::int64_t priorDelivered = 0;  // when the youngest of them was sent
  bool applicationLimited = false;  // there was too little to send at that time

  // The sender's part.
  std::int32_t acknowledged = 0;  // packets newly acknowledged, selectively or not
  std::int32_t lost = 0;          // newly marked
  std::int32_t priorInFlight = 0;
  Duration rtt = Duration::ns(-1);  // of the youngest acknowledged; negative if none is known
  bool maybeDelayed = false;        // of a lone small packet, which the receiver may hold back

  bool valid() const { return delivered >= 0 && interval > Duration{}; }
};

// Follows a sender's packets in flight. They are known by their place in its queue.
class RateSampler {
 public:
  // A packet joins the queue at its end.
  void sent(TimePoint now);
  void resent(std::size_t index);
  // A packet became part of the one before it.
  void merged(std::size_t index);

  // What follows belongs to one acknowledgement, up to finish().
  void begin();
  // A packet has arrived and stays in the queue until all before it have. `sentAt` is the time of
  // its last transmission, `end` the stream offset behind it.
  void arrived(std::size_t index, TimePoint sentAt, std::int64_t end);
  // The first of the queue leaves it; whether it counts as delivered now or was before.
  void leaves(TimePoint sentAt, std::int64_t end, bool delivered);
  RateSample finish(std::int32_t acknowledged, Duration smallestRtt, TimePoint now);

  // From now on until all in flight has arrived, samples say less than the path can do.
  void limit(std::int32_t inFlight);
  bool limited() const { return limitedUntil_ != 0; }

  // Packets ever. The handshake is the first.
  std::int64_t delivered() const { return delivered_; }
  // When the last were.
  TimePoint deliveredAt() const { return deliveredAt_; }
  // Of the current acknowledgement, before finish().
  std::int64_t priorDelivered() const { return chosen_.delivered; }

 private:
  // What was known when a packet left.
  struct Snapshot {
    TimePoint firstSent;
    TimePoint deliveredAt;
    std::int64_t delivered = 0;
    bool limited = false;
    bool used = false;  // arrived
  };
  Snapshot snapshot() const;
  void choose(Snapshot& packet, TimePoint sentAt, std::int64_t end);

  std::deque<Snapshot> queue_;
  std::int64_t delivered_ = 1;
  TimePoint deliveredAt_;
  TimePoint firstSent_;            // of the packets that the next sample counts
  std::int64_t limitedUntil_ = 0;  // of delivered_; 0: not limited

  Snapshot chosen_;  // of the youngest packet of this acknowledgement; delivered 0: none
  std::int64_t chosenEnd_ = 0;
  Duration sending_;
};

}  // namespace callflow::transport
