#include "models/video/adaptation.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <iterator>
#include <limits>

namespace callflow::video {
namespace {

constexpr int kUnlimited = std::numeric_limits<int>::max();

constexpr int kFewestFrames = 2;  // a second

// libwebrtc: kDefaultMinPixelsPerFrame. Chromium's calls at 150 kbit/s stay at this size whatever
// the quantizer.
constexpr int kFewestPixels = 320 * 180;

constexpr int kMostLeftOut = 4;

constexpr int kQvga = 320 * 240, kVga = 640 * 480;

// A size of at most so many pixels goes down to so many frames a second before it gets smaller.
struct Balance {
  int pixels, frames;
};
constexpr Balance kBalanced[] = {{kQvga, 7}, {480 * 360, 10}, {kVga, 15}};

int balancedDown(int pixels) {
  for (const Balance& row : kBalanced)
    if (pixels <= row.pixels) return row.frames;
  return kUnlimited;
}

// As many as the next size has at the least.
int balancedUp(int pixels) {
  for (std::size_t i = 0; i + 1 < std::size(kBalanced); ++i)
    if (pixels <= kBalanced[i].pixels) return kBalanced[i + 1].frames;
  return kUnlimited;
}

}  // namespace

Resolution scaledTo(Resolution captured, int target, int most) {
  const int pixels = captured.pixels();
  if (target >= pixels) return captured;
  // A scale that begins with factors of 3 and 2 begins with two thirds: sizes that 3 divides stay
  // whole.
  int over = 1, under = 1;
  if (captured.width % 3 == 0 && captured.height % 3 == 0) over = under = 6;
  if (captured.width % 9 == 0 && captured.height % 9 == 0) over = under = 36;
  const auto at = [&] {
    return Resolution{captured.width * over / under, captured.height * over / under};
  };
  Resolution best = captured;
  int away = pixels <= most ? pixels - target : kUnlimited;
  while (at().pixels() > target) {
    if (over % 3 == 0 && under % 2 == 0) {
      over /= 3;
      under /= 2;
    } else {
      over *= 3;
      under *= 4;
    }
    const int here = at().pixels();
    if (here <= most && std::abs(target - here) < away) {
      away = std::abs(target - here);
      best = at();
    }
  }
  return best;
}

Adaptation::Adaptation(Resolution captured, int framesPerSecond, Degradation degradation)
    : captured_(captured),
      capturedRate_(framesPerSecond),
      degradation_(degradation),
      size_(captured) {}

bool Adaptation::smaller() {
  const int target = size_.pixels() * 3 / 5;
  if (target < kFewestPixels) return false;
  size_ = scaledTo(captured_, target, target);
  ++sizeSteps_;
  return true;
}

bool Adaptation::larger() {
  if (sizeSteps_ == 0) return false;
  --sizeSteps_;
  if (sizeSteps_ == 0) {
    size_ = captured_;
    return true;
  }
  const int target = size_.pixels() * 5 / 3;
  size_ = scaledTo(captured_, target, target * 12 / 5);
  return true;
}

bool Adaptation::fewer(int framesPerSecond) {
  if (framesPerSecond == kUnlimited) return false;
  const int wanted = std::max(kFewestFrames, framesPerSecond);
  if (wanted >= frameRate_.value_or(kUnlimited)) return false;
  frameRate_ = wanted;
  ++rateSteps_;
  return true;
}

bool Adaptation::more(int framesPerSecond) {
  if (rateSteps_ == 0 || framesPerSecond <= currentRate()) return false;
  --rateSteps_;
  frameRate_ = std::min(framesPerSecond, capturedRate_);
  if (rateSteps_ == 0) frameRate_.reset();
  return true;
}

bool Adaptation::down() {
  switch (degradation_) {
    case Degradation::maintainFramerate:
      return smaller();
    case Degradation::maintainResolution:
      return fewer(currentRate() * 2 / 3);
    case Degradation::balanced:
      break;
  }
  const int wanted = balancedDown(size_.pixels());
  // A step that changes nothing is not worth being one.
  const bool differs = wanted != kUnlimited && currentRate() > wanted;
  return (differs && fewer(wanted)) || smaller();
}

bool Adaptation::up() {
  switch (degradation_) {
    case Degradation::maintainFramerate:
      return larger();
    case Degradation::maintainResolution:
      return more(currentRate() * 3 / 2);
    case Degradation::balanced:
      break;
  }
  return more(balancedUp(size_.pixels())) || larger();
}

bool tooLargeToStart(Resolution size, DataRate start) {
  if (start < DataRate::kbps(300)) return size.pixels() > kQvga;
  if (start < DataRate::kbps(500)) return size.pixels() > kVga;
  return false;
}

void reduceToStart(Adaptation& adaptation, DataRate start) {
  for (int i = 0; i < kMostLeftOut && tooLargeToStart(adaptation.size(), start); ++i) {
    if (!adaptation.smaller()) return;
  }
}

}  // namespace callflow::video
