#include "models/transport/cubic.h"

#include <algorithm>
#include <cmath>

namespace callflow::transport {

namespace {

constexpr double kBeta = 717.0 / 1024;  // RFC 9438 4.6: 0.7, in the kernel's fixed point
constexpr double kScale = 0.4;          // RFC 9438 4.1: C, packets a cubic second
// RFC 9438 4.3: Reno's growth with the same reduction, 3 (1 - beta) / (1 + beta) packets a round
// trip. The kernel rounds the inverse to eighths: 15/8 windows a packet.
constexpr double kRenoWindows = 15.0 / 8;

// HyStart: net/ipv4/tcp_cubic.c.
constexpr std::int32_t kHystartWindow = 16;
constexpr std::int32_t kHystartSamples = 8;
constexpr Duration kTrainGap = Duration::ms(2);

}  // namespace

std::int32_t Cubic::reducedThreshold(const CongestionWindow& window) {
  epoch_ = false;
  const double size = window.size;
  // Fast convergence: a flow that did not reach its last window leaves room for others.
  largest_ = size < largest_ ? std::floor(size * (1 + kBeta) / 2) : size;
  return std::max(static_cast<std::int32_t>(size * kBeta), 2);
}

void Cubic::timedOut() {
  *this = Cubic(KernelTicks(ticks_));  // the kernel forgets the curve and the path
}

void Cubic::restarted(Ticks now, Ticks idleSince) {
  // The curve stands still while nothing is sent.
  if (epoch_ && now > idleSince) epochStart_ += ticks_.length(now - idleSince);
}

std::int32_t Cubic::packetsPerStep(std::int32_t window, const AckEvent& ack) {
  acknowledged_ += ack.acknowledged;
  if (updatedFor_ == window && updated_ >= 0 &&
      ack.ticks - updated_ <= Duration::s(1) / ticks_.length(1) / 32) {
    return perStep_;
  }
  if (!epoch_ || ack.ticks != updated_) {
    updated_ = ack.ticks;
    updatedFor_ = window;
    if (!epoch_) {
      epoch_ = true;
      epochStart_ = ack.now;
      acknowledged_ = ack.acknowledged;
      reno_ = window;
      plateau_ = std::max<double>(largest_, window);
      untilPlateau_ = std::cbrt((plateau_ - window) / kScale);
    }
    double sinceStart = (std::max(ack.now, epochStart_) - epochStart_).seconds();
    if (smallestRtt_ != Duration::max()) sinceStart += smallestRtt_.seconds();
    const double offset = sinceStart - untilPlateau_;
    // Whole packets, as the kernel counts: rounded towards the plateau from both sides.
    const double target = plateau_ + std::trunc(kScale * offset * offset * offset);
    perStep_ =
        target > window ? static_cast<std::int32_t>(window / (target - window)) : 100 * window;
    // Before the first loss, at least 5 % a round trip.
    if (largest_ == 0) perStep_ = std::min(perStep_, 20);
  }
  const double perReno = std::floor(window * kRenoWindows);
  while (static_cast<double>(acknowledged_) > perReno) {
    acknowledged_ -= static_cast<std::int64_t>(perReno);
    reno_ += 1;
  }
  if (reno_ > window) {
    perStep_ = std::min(perStep_, static_cast<std::int32_t>(window / (reno_ - window)));
  }
  perStep_ = std::max(perStep_, 2);
  return perStep_;
}

void Cubic::grow(CongestionWindow& window, const AckEvent& ack) {
  AckEvent left = ack;
  if (window.slowStart()) {
    left.acknowledged = slowStart(window, ack.acknowledged);
    if (left.acknowledged == 0) return;
  }
  growLinearly(window, packetsPerStep(window.size, left), left.acknowledged);
}

void Cubic::measured(CongestionWindow& window, const AckEvent& ack) {
  // Samples right after a recovery are not typical of the path.
  if (epoch_ && ack.now - epochStart_ < Duration::s(1)) return;
  smallestRtt_ = std::min(smallestRtt_, std::max(ack.rtt, Duration::us(1)));
  if (!found_ && window.slowStart()) leaveSlowStart(window, ack);
}

void Cubic::leaveSlowStart(CongestionWindow& window, const AckEvent& ack) {
  if (!round_ || ack.acknowledgedTo > roundEnd_) {
    round_ = true;
    roundStart_ = trainEnd_ = ack.now;
    roundEnd_ = ack.sentTo;
    roundRtt_ = Duration::max();
    samples_ = 0;
  }
  if (window.size < kHystartWindow) return;
  bool leave = false;
  if (ack.now - trainEnd_ <= kTrainGap) {
    trainEnd_ = ack.now;
    leave = ack.now - roundStart_ > smallestRtt_ / 2;
  }
  roundRtt_ = std::min(roundRtt_, ack.rtt);
  if (samples_ < kHystartSamples) {
    ++samples_;
  } else {
    const Duration margin = std::clamp(smallestRtt_ / 8, Duration::ms(4), Duration::ms(16));
    leave = leave || roundRtt_ > smallestRtt_ + margin;
  }
  if (leave) {
    found_ = true;
    window.threshold = window.size;
  }
}

}  // namespace callflow::transport
