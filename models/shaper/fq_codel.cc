#include "models/shaper/fq_codel.h"

#include <algorithm>

namespace callflow::shaper {

FqCodelQueue::FqCodelQueue(const QueueBound& bound, const CodelParameters& parameters)
    : Queue(bound), flows_(kFlows, Flow(parameters)) {}

void FqCodelQueue::put(const Waiting& packet, const Waiting*, TimePoint, Drops& drops) {
  const std::uint32_t number = packet.flow % kFlows;
  Flow& flow = flows_[number];
  flow.line.push(packet);
  ++packets_;
  bytes_ += packet.size.count();
  if (flow.state == State::idle) {
    flow.state = State::fresh;
    flow.deficit = kQuantum;
    fresh_.push_back(number);
  }
  if (packets_ > bound().packets || bytes_ > bound().bytes) dropFromLongest(drops);
}

// RFC 8290 4.1: up to half of the flow that holds most, from its head.
void FqCodelQueue::dropFromLongest(Drops& drops) {
  Flow& longest = *std::max_element(flows_.begin(), flows_.end(), [](const Flow& a, const Flow& b) {
    return a.line.bytes() < b.line.bytes();
  });
  const std::int64_t enough = longest.line.bytes() / 2;
  std::int64_t dropped = 0;
  for (std::int64_t i = 0; i < kDropBatch && dropped < std::max<std::int64_t>(enough, 1); ++i) {
    const std::optional<Waiting> packet = longest.line.pop();
    if (!packet) break;
    dropped += packet->size.count();
    --packets_;
    bytes_ -= packet->size.count();
    drops.push_back({*packet, DropReason::queueFull});
  }
}

std::optional<Waiting> FqCodelQueue::take(TimePoint now, Drops& drops) {
  for (;;) {
    std::deque<std::uint32_t>& turn = fresh_.empty() ? old_ : fresh_;
    if (turn.empty()) return {};
    const std::uint32_t number = turn.front();
    Flow& flow = flows_[number];
    if (flow.deficit <= 0) {
      flow.deficit += kQuantum;
      flow.state = State::old;
      turn.pop_front();
      old_.push_back(number);
      continue;
    }
    const std::size_t before = drops.size();
    const std::optional<Waiting> packet = flow.codel.take(flow.line, now, drops);
    for (std::size_t i = before; i < drops.size(); ++i) {
      --packets_;
      bytes_ -= drops[i].packet.size.count();
    }
    if (packet) {
      --packets_;
      bytes_ -= packet->size.count();
      flow.deficit -= packet->size.count();
      return packet;
    }
    // A new flow that is empty waits its turn among the old ones, so that it can't be new at will
    // (RFC 8290 4.2).
    const bool wasFresh = &turn == &fresh_;
    turn.pop_front();
    flow.state = wasFresh ? State::old : State::idle;
    if (wasFresh) old_.push_back(number);
  }
}

}  // namespace callflow::shaper
