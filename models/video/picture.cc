#include "models/video/picture.h"

#include <algorithm>
#include <cmath>

namespace callflow::video {
namespace {

constexpr double kReferenceRate = 30;  // frames a second, of the tables in codecs.cc
constexpr double kMiddleShare = 0.6;   // of the good rate: see QpScale

// Chromium's test picture at 640x360 has quantizer 59 at 0.253 bit a pixel, 1.95 times what it
// needs at half the width.
constexpr double kGrain = 1.95;

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
  // The longer ago, the less is like it. Noise: fitted to Chromium's calls at 150 kbit/s, where a
  // frame a tenth of a second after the last took 2.5 times the bits; others: ours.
  double power = 0.4;
  if (content_ == Content::motion) power = 0.6;
  if (content_ == Content::testPattern) power = 0.85;
  return std::min(std::pow(gap.seconds() * kReferenceRate, power), kMostOfGap);
}

double Picture::grain(Resolution size) const {
  return content_ == Content::testPattern && size.pixels() >= captured_.pixels() ? kGrain : 1;
}

double Picture::middleBits(Resolution size, Duration gap) const {
  const auto good = static_cast<double>(goodRate(codec_, content_, size).count());
  return kMiddleShare * good / kReferenceRate * gapFactor(gap) * grain(size);
}

double Picture::bitsAt(double qp, Resolution size, Duration gap) const {
  return middleBits(size, gap) * std::exp((scale_.middle - qp) / scale_.perNeper);
}

double Picture::saturatedBits(Resolution size, Duration gap) const {
  const auto most = static_cast<double>(saturation(codec_, content_, size).count());
  return most / kReferenceRate * gapFactor(gap) * grain(size);
}

int Picture::qpAt(double bits, double middle) const {
  const double qp = scale_.middle - scale_.perNeper * std::log(std::max(bits, 1.0) / middle);
  return static_cast<int>(std::clamp<double>(std::round(qp), scale_.best, scale_.worst));
}

int Picture::qpOf(double bits, Resolution size, Duration gap) const {
  return qpAt(bits, middleBits(size, gap));
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

double Picture::keyBitsAt(double qp, Resolution size) const {
  return keyBits(size, 0) * std::exp((scale_.middle - qp) / scale_.perNeper);
}

int Picture::keyQpOf(double bits, Resolution size) const {
  return qpAt(bits, keyBits(size, 0));
}

DataRate Picture::saturatedRate(Resolution size, double framesPerSecond) const {
  const Duration gap = Duration::fromSeconds(1 / framesPerSecond);
  return DataRate::bitsPerSecond(std::llround(saturatedBits(size, gap) * framesPerSecond));
}

}  // namespace callflow::video
