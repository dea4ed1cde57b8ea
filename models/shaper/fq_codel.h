// FQ-CoDel (RFC 8290): a queue of its own with CoDel for each flow, served by deficit round robin;
// flows that have just begun to send go first.
#pragma once

#include <deque>

#include "models/shaper/codel.h"

namespace callflow::shaper {

class FqCodelQueue final : public Queue {
 public:
  FqCodelQueue(const QueueBound& bound, const CodelParameters& parameters);
  void put(const Waiting& packet, const Waiting* ahead, TimePoint now, Drops& drops) override;
  std::optional<Waiting> take(TimePoint now, Drops& drops) override;
  bool empty() const override { return packets_ == 0; }

 private:
  static constexpr std::uint32_t kFlows = 1024;   // RFC 8290 5.2.2
  static constexpr std::int64_t kQuantum = 1514;  // RFC 8290 5.2.3: an Ethernet frame
  static constexpr std::int64_t kDropBatch = 64;  // of tc-fq_codel
  enum class State : std::uint8_t { idle, fresh, old };
  struct Flow {
    explicit Flow(const CodelParameters& parameters) : codel(parameters) {}
    Line line;
    Codel codel;
    std::int64_t deficit = 0;
    State state = State::idle;
  };

  void dropFromLongest(Drops& drops);

  std::vector<Flow> flows_;
  std::deque<std::uint32_t> fresh_, old_;  // flows with something to send, in turn
  std::int64_t packets_ = 0, bytes_ = 0;
};

}  // namespace callflow::shaper
