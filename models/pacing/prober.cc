#include "models/pacing/prober.h"

#include <algorithm>
#include <cstddef>

namespace callflow::pacing {
namespace {

// libwebrtc, modules/pacing/bitrate_prober.cc.
constexpr Duration kTooOld = Duration::s(5);
constexpr std::size_t kMostWaiting = 5;
constexpr Duration kTooLate = Duration::ms(10);
constexpr DataSize kLargeEnough = DataSize::bytes(200);

}  // namespace

void Prober::add(const congestion::Probe& probe) {
  while (!probes_.empty() &&
         (probe.asked - probes_.front().probe.asked > kTooOld || probes_.size() > kMostWaiting)) {
    probes_.pop_front();
  }
  probes_.push_back({probe, {}, {}, 0});
}

DataSize Prober::burstSize() const {
  const congestion::Probe& probe = probes_.front().probe;
  return std::max(dataIn(probe.rate, probe.spacing), DataSize::bytes(1));
}

void Prober::onQueued(DataSize size, TimePoint now) {
  if (active_ || probes_.empty()) return;
  if (size < std::min(burstSize(), kLargeEnough)) return;
  active_ = true;
  timed_ = false;
  next_ = now;
}

std::optional<ProbeBurst> Prober::burst(TimePoint now) {
  if (!active_) return std::nullopt;
  if (timed_ && now - next_ > kTooLate) {
    probes_.pop_front();
    active_ = !probes_.empty();
    if (!active_) return std::nullopt;
  }
  const Waiting& front = probes_.front();
  return ProbeBurst{front.probe.cluster, burstSize(), front.bursts == 0};
}

// By what has left since the probe began, so that its rate as a whole is right.
void Prober::onSent(DataSize size, TimePoint now) {
  Waiting& front = probes_.front();
  if (front.bursts == 0) front.begun = now;
  ++front.bursts;
  front.sent += size;
  next_ = front.begun + transmissionTime(front.sent, front.probe.rate);
  timed_ = true;
  if (front.sent >= front.probe.size && front.bursts >= front.probe.packets) {
    probes_.pop_front();
    active_ = !probes_.empty();
  }
}

}  // namespace callflow::pacing
