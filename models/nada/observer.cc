#include "models/nada/observer.h"

#include <algorithm>
#include <cmath>

namespace callflow::nada {

void Observer::add(const congestion::Feedback& feedback) {
  std::int64_t lost = 0;
  const auto noteLost = [&] {
    if (recent_.empty()) return;
    recent_.insert(recent_.end(), static_cast<std::size_t>(lost),
                   Seen{recent_.back().at, {}, {}, true});
    lost = 0;
  };
  for (const congestion::PacketResult& result : feedback.packets) {
    if (!result.arrived()) {
      intervals_.lost();
      ++lost;
      continue;
    }
    note(result);
    noteLost();
  }
  noteLost();
  forget();

  const auto missing =
      std::count_if(recent_.begin(), recent_.end(), [](const Seen& seen) { return seen.lost; });
  if (!recent_.empty()) {
    const double now = static_cast<double>(missing) / static_cast<double>(recent_.size());
    loss_ += parameters_.lossSmoothing * (now - loss_);
  }
}

void Observer::note(const congestion::PacketResult& result) {
  const Duration delay = result.received - result.packet.sent;
  base_ = std::min(base_, delay);
  delays_.push_back(delay);
  if (delays_.size() > parameters_.delayFilter) delays_.pop_front();
  intervals_.received();
  TimePoint at = result.received;
  if (!recent_.empty()) at = std::max(at, recent_.back().at);  // had it been overtaken
  recent_.push_back({at, result.packet.size, delay, false});
}

void Observer::forget() {
  while (!recent_.empty() && recent_.front().at <= recent_.back().at - parameters_.window)
    recent_.pop_front();
}

Duration Observer::queueing() const {
  if (delays_.empty()) return {};
  return *std::min_element(delays_.begin(), delays_.end()) - base_;
}

DataRate Observer::received() const {
  DataSize sum;
  for (const Seen& seen : recent_) sum += seen.size;
  return rateOf(sum, parameters_.window);
}

// d_tilde, equation 1: where others fill the queue until it overflows, more queueing says less.
Duration Observer::warped(Duration queueing) const {
  const Duration threshold = parameters_.warpingThreshold;
  if (queueing < threshold) return queueing;
  const double times = (queueing - threshold).seconds() / threshold.seconds();
  return Duration::fromSeconds(threshold.seconds() * std::exp(-parameters_.warping * times));
}

Duration Observer::congestion() const {
  const Duration straight = queueing();
  double signal = straight.seconds();
  if (intervals_.any()) {
    // Warped while losses are remembered. Then, in the course of one interval more, less and less
    // so: the authors' model does this, lest the signal leaps.
    const double age =
        static_cast<double>(intervals_.sinceLoss()) / std::max(1.0, intervals_.mean());
    const double back = std::clamp(age - parameters_.lossMemory, 0.0, 1.0);
    signal = back * straight.seconds() + (1 - back) * warped(straight).seconds();
  }
  const double losses = loss_ / parameters_.referenceLoss;
  signal += parameters_.lossPenalty.seconds() * losses * losses;  // equation 2
  return Duration::fromSeconds(std::min(signal, parameters_.strongestSignal.seconds()));
}

bool Observer::idle() const {
  return std::none_of(recent_.begin(), recent_.end(), [&](const Seen& seen) {
    return seen.lost || seen.delay - base_ >= parameters_.noQueueing;
  });
}

}  // namespace callflow::nada
