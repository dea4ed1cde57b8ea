#include "models/receiver/playout_policy.h"

#include <algorithm>

namespace callflow::receiver {
namespace {

constexpr Duration kGranularity = Duration::ms(20);        // kDelayAdjustmentGranularityMs
constexpr Duration kTargetWindow = Duration::ms(100);      // kTargetLevelWindowMs
constexpr Duration kComfortNoiseTimeout = Duration::s(1);  // kCngTimeoutMs
constexpr Duration kDecelerationOffset =
    Duration::ms(85);     // 2020: kDecelerationTargetLevelOffsetMs
constexpr int kFast = 4;  // times the high limit: shortening is not spaced

Operation noFrame(const PlayoutStatus& status) {
  // NetEq takes a longer one for a loss. What nobody sends on is none.
  const bool pause = status.last == PlayoutMode::comfortNoise &&
                     (status.ended || status.generated <= kComfortNoiseTimeout);
  return pause ? Operation::comfortNoise : Operation::expand;
}

// Do not start again after a pause or a long gap only to run dry at once.
bool postpone(const PlayoutStatus& status) {
  if (status.span * 2 >= status.target || status.comfortNoiseHeld) return false;
  if (status.last == PlayoutMode::comfortNoise) return true;
  return status.last == PlayoutMode::madeUp && status.faded;
}

Operation stretch(const PlayoutStatus& status, Duration measure, Duration low, Duration high) {
  if (measure >= high * kFast) return Operation::accelerate;
  if (!status.stretchAllowed) return Operation::normal;
  if (measure >= high) return Operation::accelerate;
  return measure < low ? Operation::preemptive : Operation::normal;
}

Operation expectedFrame(const PlayoutStatus& status, StretchRule rule) {
  if (status.last == PlayoutMode::madeUp) return Operation::normal;
  if (rule == StretchRule::playoutDelay) {
    const Duration low = status.target;
    return stretch(status, status.playoutDelay, low, low + status.largestDelay + kGranularity);
  }
  const Duration low = std::max(status.target * 3 / 4, status.target - kDecelerationOffset);
  return stretch(status, status.level, low, std::max(status.target, low + kGranularity));
}

Operation futureFrame(const PlayoutStatus& status) {
  const bool tooEarly = status.leap > status.generated;
  if (tooEarly && status.span <= status.target + kTargetWindow / 2) return noFrame(status);
  switch (status.last) {
    case PlayoutMode::madeUp:
      return Operation::merge;
    case PlayoutMode::comfortNoise:
      return Operation::normal;
    case PlayoutMode::voice:
      return Operation::expand;
  }
  return Operation::expand;
}

}  // namespace

Operation decide(const PlayoutStatus& status, StretchRule rule) {
  if (!status.frameHeld || postpone(status)) return noFrame(status);
  return status.leap == Duration{} ? expectedFrame(status, rule) : futureFrame(status);
}

}  // namespace callflow::receiver
