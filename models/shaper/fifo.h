// First in, first out, with a bound: what does not fit is dropped.
#pragma once

#include <deque>

#include "models/shaper/discipline.h"

namespace callflow::shaper {

// The packets and how many bytes they are; what the other disciplines are built of.
class Line {
 public:
  void push(const Waiting& packet) {
    packets_.push_back(packet);
    bytes_ += packet.size.count();
  }
  std::optional<Waiting> pop() {
    if (packets_.empty()) return {};
    const Waiting first = packets_.front();
    packets_.pop_front();
    bytes_ -= first.size.count();
    return first;
  }
  bool fits(const Waiting& packet, const Waiting* ahead, const QueueBound& bound) const {
    const std::int64_t aheadBytes = ahead != nullptr ? ahead->size.count() : 0;
    return bytes_ + aheadBytes + packet.size.count() <= bound.bytes &&
           packets() + (ahead != nullptr ? 1 : 0) < bound.packets;
  }
  std::int64_t bytes() const { return bytes_; }
  std::int64_t packets() const { return static_cast<std::int64_t>(packets_.size()); }
  const Waiting& front() const { return packets_.front(); }

 private:
  std::deque<Waiting> packets_;
  std::int64_t bytes_ = 0;
};

class Fifo final : public Queue {
 public:
  explicit Fifo(const QueueBound& bound) : Queue(bound) {}
  void put(const Waiting& packet, const Waiting* ahead, TimePoint, Drops& drops) override {
    // An empty queue takes any packet, as a link's does.
    const bool idle = line_.packets() == 0 && ahead == nullptr;
    if (idle || line_.fits(packet, ahead, bound())) {
      line_.push(packet);
    } else {
      drops.push_back({packet, DropReason::queueFull});
    }
  }
  std::optional<Waiting> take(TimePoint, Drops&) override { return line_.pop(); }
  bool empty() const override { return line_.packets() == 0; }

 private:
  Line line_;
};

}  // namespace callflow::shaper
