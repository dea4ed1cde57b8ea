// Adds up what belongs to one window, or to a whole stream.
#pragma once

#include "models/quality/burst_gap.h"
#include "models/receiver/delay_histogram.h"
#include "models/receiver/stream_meter.h"
#include "src/units/units.h"

namespace callflow::receiver {

// A concealment run from this length on is an interruption (libwebrtc: kInterruptionLenMs).
inline constexpr Duration kInterruptionLength = Duration::ms(150);

// What belongs to one window. What every packet touches stands first, in as few cache lines as it
// fits: with many streams each of them comes from memory anew.
class alignas(64) Period {
 public:
  void sent() { ++sent_; }
  void received(Duration delay, double jitter) {
    delays_.add(delay);
    lastJitter_ = jitter;
    sumOfJitter_ += jitter;
    if (jitter > largestJitter_) largestJitter_ = jitter;
  }
  void lost() { ++lost_; }
  void discarded() { ++discarded_; }
  void played(Duration inBuffer, Duration mouthToEar, const Aim& aim) {
    ++played_;
    inBuffer_ += inBuffer;
    mouthToEar_ += mouthToEar;
    target_ += aim.target;
    minimum_ += aim.minimum;
  }
  void recovered() { ++recovered_; }
  void redundantReceived() { ++redundantReceived_; }
  // `newRun`: the sound before it was not made up, or belongs to another period.
  void concealed(Duration length, Duration silent, bool newRun) {
    concealed_ += length;
    silentConcealed_ += silent;
    if (newRun) ++concealmentRuns_;
  }
  // A run of made-up sound has ended: `length` together, `here` of it in this period, where it
  // perhaps began.
  void run(Duration length, Duration here, bool began) {
    if (here > longestInterruption_) longestInterruption_ = here;
    if (length < kInterruptionLength) return;
    if (began) ++interruptions_;
    interruptionDuration_ += here;
  }
  void paused(Duration length) { comfortNoise_ += length; }
  void stretched(Duration change) {
    (change > Duration{} ? inserted_ : removed_) += change > Duration{} ? change : -change;
  }

  // A frame's length of sound: whether it was the frame itself. True if a burst ended before.
  bool heard(bool itself) { return burstGap_.add(!itself); }
  const quality::BurstGapCounter& burstGap() const { return burstGap_; }

  // Of a period that this one is part of: adds what adds up. Not so runs of made-up sound and
  // bursts, which go across, and the sum of jitter, which depends on the order.
  void addTo(Period& whole) const;
  void setSumOfJitter(double sum) { sumOfJitter_ = sum; }

  enum class JitterOf { end, largest };
  // The figures, scored. Whatever was sent and neither received nor lost is in flight.
  PeriodStats finish(const MeterConfig& config, JitterOf jitterOf) const;

  const DelayHistogram& delays() const { return delays_; }
  std::int64_t sentCount() const { return sent_; }
  std::int64_t playedCount() const { return played_; }
  Duration inBuffer() const { return inBuffer_; }
  Duration mouthToEar() const { return mouthToEar_; }

 private:
  std::int64_t sent_ = 0;
  double lastJitter_ = 0;
  double largestJitter_ = 0;
  double sumOfJitter_ = 0;
  DelayHistogram delays_;
  std::int64_t played_ = 0;
  Duration inBuffer_;
  Duration mouthToEar_;
  Duration target_, minimum_;  // sums over played frames
  quality::BurstGapCounter burstGap_;
  std::int64_t lost_ = 0, discarded_ = 0, recovered_ = 0, redundantReceived_ = 0;
  Duration concealed_, silentConcealed_;
  std::int64_t concealmentRuns_ = 0, interruptions_ = 0;
  Duration interruptionDuration_, longestInterruption_;
  Duration inserted_, removed_, comfortNoise_;
};

}  // namespace callflow::receiver
