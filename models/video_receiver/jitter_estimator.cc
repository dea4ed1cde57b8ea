#include "models/video_receiver/jitter_estimator.h"

#include <algorithm>
#include <cmath>

namespace callflow::video_receiver {
namespace {

// libwebrtc, modules/video_coding/timing/jitter_estimator.cc.
constexpr int kStartFrames = 30;
constexpr int kFirstSizes = 5;
constexpr double kMeanSizeKept = 0.97;
constexpr double kLargestSizeKept = 0.9999;
constexpr double kDeviationsTaken = 3.5;   // of delay; more is cut
constexpr double kDeviationsOutlier = 15;  // of delay
constexpr double kDeviationsKeyFrame = 3;  // of size
constexpr double kQueuedBehind = -0.25;    // change of size over the largest
constexpr int kMostNoises = 400;
constexpr double kNoiseDeviations = 2.33;  // 99 % of a normal distribution
constexpr double kNoiseAllowedMs = 30;
constexpr Duration kLeast = Duration::ms(1);
constexpr Duration kMost = Duration::s(10);
constexpr Duration kSystemJitter = Duration::ms(10);
constexpr Duration kRetransmittedMemory = Duration::s(60);
constexpr int kRetransmittedFrames = 3;
constexpr double kRoundTripShare = 0.9;
constexpr Duration kMostOfRoundTrip = Duration::ms(200);
constexpr double kFewFrames = 5;    // a second: what is late does not matter
constexpr double kSomeFrames = 10;  // from here on it matters fully
constexpr double kMostFrames = 200;
constexpr double kUsualFrames = 30;

}  // namespace

void JitterEstimator::learnSizes(double size) {
  if (sizes_ < kFirstSizes) {
    firstSizes_ += size;
    ++sizes_;
  } else if (sizes_ == kFirstSizes) {
    meanSize_ = firstSizes_ / kFirstSizes;
    ++sizes_;
  }
  const double mean = kMeanSizeKept * meanSize_ + (1 - kMeanSizeKept) * size;
  // Key frames do not count.
  if (size < meanSize_ + 2 * std::sqrt(sizeVariance_)) meanSize_ = mean;
  sizeVariance_ = std::max(
      kMeanSizeKept * sizeVariance_ + (1 - kMeanSizeKept) * (size - mean) * (size - mean), 1.0);
  largestSize_ = std::max(kLargestSizeKept * largestSize_, size);
}

void JitterEstimator::update(Duration delayChange, DataSize frame, TimePoint now) {
  if (frame == DataSize{}) return;
  const auto size = static_cast<double>(frame.count());
  learnSizes(size);
  const double sizeChange = size - lastSize_.value_or(size);
  const bool first = !lastSize_;
  lastSize_ = size;
  if (first) return;

  const double deviation = std::sqrt(noiseVariance_);
  const Duration most = Duration::fromSeconds((kDeviationsTaken * deviation + 0.5) / 1e3);
  delayChange = std::clamp(delayChange, -most, most);
  const Duration noise = delayChange - kalman_.total(sizeChange);
  const Duration outlier = Duration::fromSeconds(kDeviationsOutlier * deviation / 1e3);
  const bool keyFrame = size > meanSize_ + kDeviationsKeyFrame * std::sqrt(sizeVariance_);
  if (std::max(noise, -noise) >= outlier && !keyFrame) {
    learnNoise(noise > Duration{} ? outlier : -outlier, now);
  } else {
    learnNoise(noise, now);
    // A frame right behind a large one has waited for it, which says nothing of the line.
    if (sizeChange > kQueuedBehind * largestSize_)
      kalman_.update(delayChange, sizeChange, largestSize_, noiseVariance_);
  }
  if (starting_ < kStartFrames)
    ++starting_;
  else
    kept_ = byFilters();
}

void JitterEstimator::learnNoise(Duration noise, TimePoint now) {
  const double noiseMs = noise.milliseconds();
  if (lastNoise_) {
    const Duration interval = now - *lastNoise_;
    Duration& slot = intervals_[nextInterval_];
    intervalSum_ += interval - (intervalCount_ == kIntervals ? slot : Duration{});
    slot = interval;
    nextInterval_ = (nextInterval_ + 1) % kIntervals;
    intervalCount_ = std::min(intervalCount_ + 1, kIntervals);
  }
  lastNoise_ = now;

  double kept = static_cast<double>(noises_ - 1) / noises_;
  noises_ = std::min(noises_ + 1, kMostNoises);
  // The same memory in seconds, whatever the frame rate, which is uncertain at first.
  if (const double rate = framesPerSecond(); rate > 0) {
    double scale = kUsualFrames / rate;
    if (noises_ < kStartFrames) scale = (noises_ * scale + (kStartFrames - noises_)) / kStartFrames;
    kept = std::pow(kept, scale);
  }
  const double off = noiseMs - noiseMeanMs_;
  noiseMeanMs_ = kept * noiseMeanMs_ + (1 - kept) * noiseMs;
  // Never so small that all that follows is an outlier.
  noiseVariance_ = std::max(kept * noiseVariance_ + (1 - kept) * off * off, 1.0);
}

void JitterEstimator::onRetransmittedFrame(TimePoint now) {
  retransmitted_ = std::min(retransmitted_ + 1, kRetransmittedFrames);
  lastRetransmitted_ = now;
}

Duration JitterEstimator::byFilters() {
  const double noiseMs =
      std::max(kNoiseDeviations * std::sqrt(noiseVariance_) - kNoiseAllowedMs, 1.0);
  const Duration now =
      kalman_.bySize(largestSize_ - meanSize_) + Duration::fromSeconds(noiseMs / 1e3);
  last_ = now < kLeast ? last_.value_or(kLeast) : std::min(now, kMost);
  return *last_;
}

Duration JitterEstimator::estimate(TimePoint now) {
  Duration estimate = std::max(byFilters() + kSystemJitter, kept_);
  if (now - lastRetransmitted_ > kRetransmittedMemory) retransmitted_ = 0;
  if (retransmitted_ >= kRetransmittedFrames) {
    const Duration share = Duration::fromSeconds(roundTrip_.longest().seconds() * kRoundTripShare);
    estimate += std::min(share, kMostOfRoundTrip);
  }
  const double rate = framesPerSecond();
  if (rate == 0) return estimate;
  if (rate < kFewFrames) return Duration{};
  if (rate < kSomeFrames)
    estimate = Duration::fromSeconds(estimate.seconds() * (rate - kFewFrames) /
                                     (kSomeFrames - kFewFrames));
  return estimate;
}

double JitterEstimator::framesPerSecond() const {
  if (intervalSum_ <= Duration{}) return 0;
  return std::min(static_cast<double>(intervalCount_) / intervalSum_.seconds(), kMostFrames);
}

}  // namespace callflow::video_receiver
