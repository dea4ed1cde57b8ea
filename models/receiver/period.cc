#include "models/receiver/period.h"

#include <algorithm>
#include <limits>

namespace callflow::receiver {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double meanSeconds(Duration sum, std::int64_t count) {
  return count == 0 ? kNan : sum.seconds() / static_cast<double>(count);
}

quality::Score unscored(quality::Scale scale) {
  quality::Score score;
  score.scale = scale;
  score.r = score.rListening = score.mos = score.mosListening = kNan;
  score.idd = score.ieEff = score.ie = score.bpl = kNan;
  return score;
}

}  // namespace

void Period::addTo(Period& whole) const {
  whole.sent_ += sent_;
  whole.largestJitter_ = std::max(whole.largestJitter_, largestJitter_);
  whole.delays_.add(delays_);
  whole.played_ += played_;
  whole.inBuffer_ += inBuffer_;
  whole.mouthToEar_ += mouthToEar_;
  whole.target_ += target_;
  whole.minimum_ += minimum_;
  whole.lost_ += lost_;
  whole.discarded_ += discarded_;
  whole.recovered_ += recovered_;
  whole.redundantReceived_ += redundantReceived_;
  whole.concealed_ += concealed_;
  whole.silentConcealed_ += silentConcealed_;
  whole.inserted_ += inserted_;
  whole.removed_ += removed_;
  whole.comfortNoise_ += comfortNoise_;
}

PeriodStats Period::finish(const MeterConfig& config, JitterOf jitterOf) const {
  PeriodStats out;
  out.sent = sent_;
  out.received = delays_.count();
  out.lost = lost_;
  out.discarded = discarded_;
  out.played = played_;
  out.recovered = recovered_;
  out.redundantReceived = redundantReceived_;
  out.concealed = concealed_;
  out.silentConcealed = silentConcealed_;
  out.concealmentRuns = concealmentRuns_;
  out.interruptions = interruptions_;
  out.interruptionDuration = interruptionDuration_;
  out.longestInterruption = longestInterruption_;
  out.inserted = inserted_;
  out.removed = removed_;
  out.comfortNoise = comfortNoise_;
  out.inFlight = out.sent - out.received - out.lost;

  const bool any = delays_.count() > 0;
  out.delayMean = meanSeconds(delays_.sum(), delays_.count());
  out.delayP50 = any ? delays_.percentile(0.50).seconds() : kNan;
  out.delayP95 = any ? delays_.percentile(0.95).seconds() : kNan;
  out.delayP99 = any ? delays_.percentile(0.99).seconds() : kNan;
  out.delayMax = any ? delays_.max().seconds() : kNan;
  out.jitter = !any ? kNan : jitterOf == JitterOf::end ? lastJitter_ : largestJitter_;
  out.jitterMean = !any ? kNan : sumOfJitter_ / static_cast<double>(delays_.count());
  out.jitterBufferDelay = meanSeconds(inBuffer_, out.played);
  out.mouthToEar = meanSeconds(mouthToEar_, out.played);
  out.jitterBufferTarget = meanSeconds(target_, out.played);
  out.jitterBufferMinimum = meanSeconds(minimum_, out.played);

  const quality::BurstGap burstGap = burstGap_.result();
  out.burstDensity = burstGap.burstDensity;
  out.gapDensity = burstGap.gapDensity;
  out.burstDuration = burstGap.burstLength * config.frame.seconds();
  out.gapDuration = burstGap.gapLength * config.frame.seconds();

  out.soundPlayed =
      config.frame * out.played + out.concealed + out.inserted - out.removed + out.comfortNoise;
  const Duration sound = out.concealed + config.frame * out.played;
  if (sound == Duration{}) {
    out.concealedRatio = kNan;
    out.burstRatio = kNan;
    out.score = unscored(quality::traits(config.codec).scale);
    return out;
  }
  out.concealedRatio = out.concealed.seconds() / sound.seconds();
  out.burstRatio = 1;
  if (out.concealmentRuns > 0) {
    const double meanRun =
        out.concealed.seconds() / config.frame.seconds() / static_cast<double>(out.concealmentRuns);
    out.burstRatio = std::max(1.0, meanRun * (1 - out.concealedRatio));
  }
  if (out.played == 0) {
    out.score = quality::silence(config.codec, config.bitrate);
    return out;
  }
  const Duration delay = mouthToEar_ / out.played;
  out.score =
      quality::score({config.codec, config.bitrate, delay, Ratio::fromDouble(out.concealedRatio),
                      out.burstRatio, config.tandem});
  return out;
}

}  // namespace callflow::receiver
