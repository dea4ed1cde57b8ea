// Adds up what belongs to one window, or to a whole stream.
#pragma once

#include "models/quality/burst_gap.h"
#include "models/receiver/delay_histogram.h"
#include "models/receiver/stream_meter.h"
#include "src/units/units.h"

namespace callflow::receiver {

// A concealment run from this length on is an interruption (libwebrtc: kInterruptionLenMs).
inline constexpr Duration kInterruptionLength = Duration::ms(150);

class Period {
 public:
  void sent() { ++stats_.sent; }
  void received(Duration delay, double jitter) {
    ++stats_.received;
    delays_.add(delay);
    lastJitter_ = jitter;
    sumOfJitter_ += jitter;
    if (jitter > largestJitter_) largestJitter_ = jitter;
  }
  void lost() { ++stats_.lost; }
  void discarded() { ++stats_.discarded; }
  void played(Duration inBuffer, Duration mouthToEar, const Aim& aim) {
    ++stats_.played;
    inBuffer_ += inBuffer;
    mouthToEar_ += mouthToEar;
    target_ += aim.target;
    minimum_ += aim.minimum;
  }
  void recovered() { ++stats_.recovered; }
  void redundantReceived() { ++stats_.redundantReceived; }
  // `newRun`: the sound before it was not made up, or belongs to another period.
  void concealed(Duration length, Duration silent, bool newRun) {
    stats_.concealed += length;
    stats_.silentConcealed += silent;
    if (newRun) ++stats_.concealmentRuns;
  }
  // A run of made-up sound has ended: `length` together, `here` of it in this period, where it
  // perhaps began.
  void run(Duration length, Duration here, bool began) {
    if (here > stats_.longestInterruption) stats_.longestInterruption = here;
    if (length < kInterruptionLength) return;
    if (began) ++stats_.interruptions;
    stats_.interruptionDuration += here;
  }
  void paused(Duration length) { stats_.comfortNoise += length; }
  void stretched(Duration change) {
    (change > Duration{} ? stats_.inserted : stats_.removed) +=
        change > Duration{} ? change : -change;
  }

  // A frame's length of sound: whether it was the frame itself. True if a burst ended before.
  bool heard(bool itself) { return burstGap_.add(!itself); }
  const quality::BurstGapCounter& burstGap() const { return burstGap_; }

  enum class JitterOf { end, largest };
  // The figures, scored. Whatever was sent and neither received nor lost is in flight.
  PeriodStats finish(const MeterConfig& config, JitterOf jitterOf) const;

  const DelayHistogram& delays() const { return delays_; }
  std::int64_t sentCount() const { return stats_.sent; }

 private:
  PeriodStats stats_;  // its counts; finish() fills the rest
  DelayHistogram delays_;
  quality::BurstGapCounter burstGap_;
  double lastJitter_ = 0;
  double largestJitter_ = 0;
  double sumOfJitter_ = 0;
  Duration inBuffer_;
  Duration mouthToEar_;
  Duration target_, minimum_;  // sums over played frames
};

}  // namespace callflow::receiver
