#include "models/video/frame_dropper.h"

#include <algorithm>
#include <cmath>

namespace callflow::video {
namespace {

// libwebrtc: frame_dropper.cc.
constexpr double kBucketSeconds = 0.5;
constexpr double kMostSeconds = 3;  // of rate in the bucket
constexpr double kFarOver = 1.3;    // of the bucket's size: reacts faster
constexpr double kSlow = 0.9;
constexpr double kFast = 0.8;
constexpr double kLarge = 3;  // times the mean delta frame
constexpr double kSpreadSeconds = 0.5;
constexpr double kLeastSpread = 5;  // frames
constexpr double kDeltaMemory = 0.9;
constexpr double kKeyMemory = 0.99;
constexpr double kLongestDropSeconds = 4;

double smoothed(double old, double memory, double sample) {
  return memory * old + (1 - memory) * sample;
}

}  // namespace

void FrameDropper::setRate(DataRate rate) {
  const auto bits = static_cast<double>(rate.count());
  // A bucket that shrinks keeps its relative level.
  if (rate_ > 0 && bits < rate_ && level_ > bits * kBucketSeconds) level_ *= bits / rate_;
  rate_ = bits;
  level_ = std::min(level_, rate_ * kMostSeconds);
}

void FrameDropper::spread(double bits) {
  pieces_ = static_cast<int>(std::lround(spreadFrames_));
  piece_ = bits / pieces_;
}

void FrameDropper::onFrame(DataSize size, bool key) {
  double bits = static_cast<double>(size.count()) * 8;
  if (key) {
    keyShare_ = smoothed(keyShare_, kKeyMemory, 1);
    if (pieces_ == 0) {
      // Where key frames are many, each is counted before the next.
      const double apart = 1 / keyShare_;
      pieces_ = static_cast<int>(std::lround(std::min(apart, spreadFrames_)));
      piece_ = bits / pieces_;
      bits = 0;
    }
  } else {
    if (meanDelta_ >= 0 && bits > kLarge * meanDelta_ && pieces_ == 0) {
      spread(bits);
      bits = 0;
    } else {
      meanDelta_ = meanDelta_ < 0 ? bits : smoothed(meanDelta_, kDeltaMemory, bits);
    }
    keyShare_ = smoothed(keyShare_, kKeyMemory, 0);
  }
  level_ = std::min(level_ + bits, rate_ * kMostSeconds);
}

void FrameDropper::leak(double framesPerSecond) {
  spreadFrames_ = std::max(kSpreadSeconds * framesPerSecond, kLeastSpread);
  double expected = rate_ / framesPerSecond;
  if (pieces_ > 0) {
    expected -= piece_;
    --pieces_;
  }
  level_ = std::max(level_ - expected, 0.0);
  const double size = rate_ * kBucketSeconds;
  const bool over = level_ > size;
  if (over && below_) dropNext_ = true;
  share_ = smoothed(share_, level_ > kFarOver * size ? kFast : kSlow, over ? 1 : 0);
  below_ = level_ < size;
}

bool FrameDropper::decide(double framesPerSecond) {
  if (dropNext_) {
    dropNext_ = false;
    count_ = 0;
  }
  if (share_ >= 0.5) {
    // So many are dropped for each that is kept.
    const double ratio = 1 / std::max(1 - share_, 1e-5) - 1;
    const double most = framesPerSecond * kLongestDropSeconds;
    if (count_ < std::lround(std::min(ratio, most))) {
      ++count_;
      return true;
    }
    count_ = 0;
    return false;
  }
  // So many are kept for each that is dropped.
  if (share_ > 0 && count_ < std::lround(1 / std::max(share_, 1e-5) - 1)) {
    return count_++ == 0;
  }
  count_ = 0;
  return false;
}

bool FrameDropper::drops(double framesPerSecond) {
  leak(framesPerSecond);
  return decide(framesPerSecond);
}

}  // namespace callflow::video
