#include "models/fabric/backlog.h"

#include <algorithm>

namespace callflow::fabric {
namespace {

constexpr std::int64_t perByte = std::int64_t{8} * 1'000'000'000;  // units of 1e-9 bit

}  // namespace

void Backlog::settle(TimePoint now) {
  while (!waiting_.empty() && waiting_.front().departure <= now) {
    if (!waiting_.front().lost) on_line_ = std::max(on_line_, waiting_.front().said.arrival);
    waiting_.pop_front();
  }
}

void Backlog::add(const Packet& packet, PacketId id, TimePoint now, const Transmission& said,
                  Duration draw, std::int64_t rounded_up) {
  settle(now);
  Waiting& mine = waiting_.emplace_back();
  mine.id = id;
  mine.lost = said.verdict == LinkVerdict::lost;
  mine.offered = now;
  mine.departure = now + said.queueing + said.serialization;
  mine.rest = packet.size * perByte;
  mine.rounded_up = rounded_up;
  mine.draw = draw;
  mine.said = said;
}

void Backlog::halt(TimePoint now, std::int64_t rate, TimePoint last_arrival) {
  if (rate == 0) return;  // nothing has moved since the last time
  settle(now);
  if (waiting_.empty()) {
    on_line_ = last_arrival;
    return;
  }
  // A transmitter with packets to send does not rest: the first of them is on its way.
  Waiting& first = waiting_.front();
  const Duration left = first.departure - now;
  first.rest = left.count() * rate - first.rounded_up;
  first.sending = first.said.serialization - left;
}

Backlog::State Backlog::resume(TimePoint now, std::int64_t rate, Duration delay, bool reorders,
                               std::vector<Retiming>& retimed) {
  State state{now, 0, on_line_, {}};
  bool any = false;  // if one arrival changes, all are told, because they keep an order
  const bool unlimited = rate == DataRate::unlimited().count();
  for (Waiting& packet : waiting_) {
    if (rate == 0) {
      packet.departure = TimePoint::at(Duration::max());
      any |= packet.scheduled;
      packet.scheduled = false;
      if (!packet.lost) retimed.push_back({packet.id, {}, {}, {}, {}, std::nullopt});
      continue;
    }
    Duration time;
    if (!unlimited) {
      // Exact times rounded up, as for what is offered.
      time = Duration::ns(packet.rest / rate);
      state.rounded_up -= packet.rest % rate;
      if (state.rounded_up < 0) {
        time += Duration::ns(1);
        state.rounded_up += rate;
      }
    }
    state.transmitter_free += time;
    const Transmission before = packet.said;
    packet.departure = state.transmitter_free;
    packet.rounded_up = state.rounded_up;
    Transmission& said = packet.said;
    said.serialization = packet.sending + time;
    said.queueing = packet.departure - packet.offered - said.serialization;
    said.propagation = delay;
    said.jitter = packet.draw;
    said.arrival = packet.departure + delay + packet.draw;
    state.busy += said.serialization - before.serialization;
    if (packet.lost) continue;
    if (said.arrival >= state.last_arrival) {
      state.last_arrival = said.arrival;
    } else if (!reorders) {
      said.jitter += state.last_arrival - said.arrival;
      said.arrival = state.last_arrival;
    }
    any |= !packet.scheduled || said.arrival != before.arrival;
    packet.scheduled = true;
    retimed.push_back(
        {packet.id, said.queueing - before.queueing, said.serialization - before.serialization,
         said.propagation - before.propagation, said.jitter - before.jitter, said.arrival});
  }
  if (!any) retimed.clear();
  return state;
}

}  // namespace callflow::fabric
