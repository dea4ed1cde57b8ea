#include "models/video/picture.h"

#include <algorithm>
#include <cmath>

namespace callflow::video {
namespace {

constexpr double kReferenceRate = 30;  // frames a second, of the tables in codecs.cc
constexpr double kMiddleShare = 0.6;   // of the good rate: see QpScale

// Chromium's test picture at 640x360 has quantizer 59 at 0.253 bit a pixel and frame, 85 to 95 at
// 0.1 and 100 at 0.06: it takes 1.9 times what it takes scaled down, and noise gives way sooner.
constexpr double kGrain = 1.9;
constexpr double kGrainSlope = 29.0 / 44;

// Ours: what has nothing in common with the picture before takes so much more than what is like it.
constexpr double kMostOfGap = 3.5;

// A key frame of a talking head (traces of codecs.cc): 12.4 to 14.3 bytes times the root of the
// pixels while the rate is short, 20 to 24 where it is plenty.
constexpr double kKeyBytes = 14;
constexpr double kKeyGrowth = 22.0 / 14 - 1;
constexpr double kPlentyFrom = 0.6;  // of the saturating rate

// Ours, from two to three times a head's.
constexpr double kMotionKey = 2.5;
constexpr double kNoiseKey = 3;
// A slide at its first showing: 0.3 to 0.6 bit a pixel.
constexpr double kSlideKey = 0.45;

}  // namespace

Picture::Picture(Codec codec, Content content, Resolution captured)
    : codec_(codec), content_(content), captured_(captured), scale_(qpScale(codec)) {}

double Picture::gapFactor(Duration gap) const {
  // The longer ago, the less is like it. Chromium's test picture at 150 kbit/s took 1.44 times the
  // bits at 11 frames a second that it took at 30; of what moves all over: ours.
  const double power = content_ == Content::motion ? 0.6 : 0.37;
  return std::min(std::pow(gap.seconds() * kReferenceRate, power), kMostOfGap);
}

bool Picture::grainy(Resolution size) const {
  return content_ == Content::testPattern && size.pixels() >= captured_.pixels();
}

double Picture::perNeper(Resolution size) const {
  return scale_.perNeper * (grainy(size) ? kGrainSlope : 1);
}

const Picture::Rates& Picture::ratesAt(Resolution size) const {
  if (size != latest_.size) {
    latest_ = {size, static_cast<double>(goodRate(codec_, content_, size).count()),
               static_cast<double>(saturation(codec_, content_, size).count())};
  }
  return latest_;
}

double Picture::middleBits(Resolution size, Duration gap) const {
  return kMiddleShare * ratesAt(size).good / kReferenceRate * gapFactor(gap) *
         (grainy(size) ? kGrain : 1);
}

double Picture::bitsAt(double qp, Resolution size, Duration gap) const {
  return middleBits(size, gap) * std::exp((scale_.middle - qp) / perNeper(size));
}

double Picture::saturatedBits(Resolution size, Duration gap) const {
  return ratesAt(size).saturated / kReferenceRate * gapFactor(gap) * (grainy(size) ? kGrain : 1);
}

int Picture::qpAt(double bits, double middle, Resolution size) const {
  const double qp = scale_.middle - perNeper(size) * std::log(std::max(bits, 1.0) / middle);
  return static_cast<int>(std::clamp<double>(std::round(qp), scale_.best, scale_.worst));
}

int Picture::qpOf(double bits, Resolution size, Duration gap) const {
  return qpAt(bits, middleBits(size, gap), size);
}

double Picture::keyBits(Resolution size, double use) const {
  const double pixels = size.pixels();
  if (content_ == Content::slides) return kSlideKey * pixels;
  const double plenty = std::clamp((use - kPlentyFrom) / (1 - kPlentyFrom), 0.0, 1.0);
  // What a codec saves in frames it saves in key frames too; H.264's were measured.
  const double codec =
      static_cast<double>(goodRate(codec_, Content::talkingHead, size).count()) /
      static_cast<double>(goodRate(Codec::h264, Content::talkingHead, size).count());
  double content = 1;
  if (content_ == Content::motion) content = kMotionKey;
  if (content_ == Content::testPattern) content = kNoiseKey;
  return 8 * kKeyBytes * std::sqrt(pixels) * (1 + kKeyGrowth * plenty) * codec * content;
}

double Picture::leastKeyBits(Resolution size) const {
  return keyBits(size, 0) * std::exp((scale_.middle - scale_.worst) / perNeper(size));
}

int Picture::worseQp(int qp, double times, Resolution size) const {
  const double worse = std::round(qp + perNeper(size) * std::log(times));
  return static_cast<int>(std::clamp<double>(worse, scale_.best, scale_.worst));
}

DataRate Picture::saturatedRate(Resolution size, double framesPerSecond) const {
  const Duration gap = Duration::fromSeconds(1 / framesPerSecond);
  return DataRate::bitsPerSecond(std::llround(saturatedBits(size, gap) * framesPerSecond));
}

}  // namespace callflow::video
