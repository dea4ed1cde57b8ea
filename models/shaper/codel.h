// CoDel (RFC 8289): packets that have waited longer than the target for an interval on end are
// dropped as they leave, the faster the longer it lasts. In the arithmetic of Linux
// (include/net/codel_impl.h), which ns-3 follows too: ticks of 1024 ns and an inverse square root
// of 16 bits.
#pragma once

#include "models/shaper/fifo.h"

namespace callflow::shaper {

struct CodelParameters {
  Duration target = Duration::ms(5);      // RFC 8289 4.3
  Duration interval = Duration::ms(100);  // RFC 8289 4.3
};

// When to drop. The queue that it stands for is handed in.
class Codel {
 public:
  explicit Codel(const CodelParameters& parameters);

  std::optional<Waiting> take(Line& line, TimePoint now, Drops& drops);

 private:
  using Ticks = std::uint32_t;  // wraps around, as the kernel's

  bool mustDrop(const std::optional<Waiting>& packet, const Line& line, TimePoint now);
  std::optional<Waiting> dropAndPop(const Waiting& packet, Line& line, Drops& drops);
  void newton();
  Ticks later(Ticks from) const;

  Ticks target_, interval_;
  std::uint32_t count_ = 0;      // drops since dropping began
  std::uint32_t lastCount_ = 0;  // count_ as dropping began
  bool dropping_ = false;
  std::uint16_t inverseRoot_ = 0;  // of count_
  Ticks firstAbove_ = 0;           // when the wait will have been too long; 0: it is not
  Ticks next_ = 0;                 // drop
};

class CodelQueue final : public Queue {
 public:
  CodelQueue(const QueueBound& bound, const CodelParameters& parameters)
      : Queue(bound), codel_(parameters) {}
  void put(const Waiting& packet, const Waiting* ahead, TimePoint, Drops& drops) override {
    if (line_.fits(packet, ahead, bound())) {
      line_.push(packet);
    } else {
      drops.push_back({packet, DropReason::queueFull});
    }
  }
  std::optional<Waiting> take(TimePoint now, Drops& drops) override {
    return codel_.take(line_, now, drops);
  }
  bool empty() const override { return line_.packets() == 0; }

 private:
  Line line_;
  Codel codel_;
};

}  // namespace callflow::shaper
