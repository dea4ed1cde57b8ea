#include "models/fabric/backlog.h"

#include <algorithm>

namespace callflow::fabric {
namespace {

constexpr std::int64_t kPerByte = std::int64_t{8} * 1'000'000'000;  // units of 1e-9 bit

}  // namespace

void Backlog::settle(TimePoint now) {
  while (!waiting_.empty() && waiting_.front().departure <= now) {
    if (!waiting_.front().lost) onLine_ = std::max(onLine_, waiting_.front().said.arrival);
    waiting_.pop_front();
  }
}

void Backlog::add(std::int64_t size, PacketId id, TimePoint now, const Transmission& said,
                  Duration draw, std::int64_t roundedUp) {
  settle(now);
  Waiting& mine = waiting_.emplace_back();
  mine.id = id;
  mine.lost = said.verdict == LinkVerdict::lost;
  mine.offered = now;
  mine.departure = now + said.queueing + said.serialization;
  mine.rest = size * kPerByte;
  mine.roundedUp = roundedUp;
  mine.draw = draw;
  mine.said = said;
}

void Backlog::halt(TimePoint now, std::int64_t rate, TimePoint lastArrival) {
  if (rate == 0) return;  // nothing has moved since the last time
  settle(now);
  if (waiting_.empty()) {
    onLine_ = lastArrival;
    return;
  }
  // A transmitter with packets to send does not rest: the first of them is on its way.
  Waiting& first = waiting_.front();
  const Duration left = first.departure - now;
  first.rest = left.count() * rate - first.roundedUp;
  first.sending = first.said.serialization - left;
}

Backlog::State Backlog::resume(TimePoint now, std::int64_t rate, Duration delay, bool reorders,
                               std::vector<Retiming>& retimed) {
  State state{now, 0, onLine_, {}};
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
      state.roundedUp -= packet.rest % rate;
      if (state.roundedUp < 0) {
        time += Duration::ns(1);
        state.roundedUp += rate;
      }
    }
    state.transmitterFree += time;
    const Transmission before = packet.said;
    packet.departure = state.transmitterFree;
    packet.roundedUp = state.roundedUp;
    Transmission& said = packet.said;
    said.serialization = packet.sending + time;
    said.queueing = packet.departure - packet.offered - said.serialization;
    said.propagation = delay;
    said.jitter = packet.draw;
    said.arrival = packet.departure + delay + packet.draw;
    state.busy += said.serialization - before.serialization;
    if (packet.lost) continue;
    if (said.arrival >= state.lastArrival) {
      state.lastArrival = said.arrival;
    } else if (!reorders) {
      said.jitter += state.lastArrival - said.arrival;
      said.arrival = state.lastArrival;
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
