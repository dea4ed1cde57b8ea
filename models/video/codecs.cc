#include "models/video/codecs.h"

#include <array>
#include <cmath>
#include <cstddef>

namespace callflow::video {
namespace {

constexpr std::size_t kCodecs = 4;

// kbit/s at 30 frames a second, in the order of Codec.
struct Row {
  Resolution size;
  std::array<double, kCodecs> rates;
};

// LiveKit, "WebRTC bitrate guide" (VMAF measured with livekit/webrtc-vmaf): webcam, VMAF 90.
constexpr Row kTalkingHead[] = {
    {{160, 90}, {90, 35, 50, 30}},           {{320, 180}, {160, 90, 140, 70}},
    {{384, 216}, {180, 120, 170, 90}},       {{640, 360}, {400, 270, 400, 190}},
    {{960, 540}, {600, 450, 700, 350}},      {{1280, 720}, {1000, 700, 1250, 550}},
    {{1920, 1080}, {2000, 1200, 2700, 900}},
};

// The same: gaming, VMAF 85.
constexpr Row kMotion[] = {
    {{160, 90}, {100, 80, 110, 75}},          {{320, 180}, {280, 210, 330, 200}},
    {{384, 216}, {350, 250, 400, 230}},       {{640, 360}, {750, 550, 950, 550}},
    {{960, 540}, {1500, 1100, 1800, 1100}},   {{1280, 720}, {2500, 1800, 3500, 1700}},
    {{1920, 1080}, {5500, 4000, 8500, 3500}},
};

// Firefox, H.264 (OpenH264), a talking head at 30 frames a second: traces "chat_firefox_h264" of
// cisco/syncodecs, whose rate stops growing here. The last two sizes had not stopped at the
// highest target, 2 Mbit/s: theirs are what R tanh(target / R) gives through the points there are.
struct Saturated {
  Resolution size;
  double rate;
};
constexpr Saturated kSaturated[] = {
    {{160, 90}, 77},    {{320, 180}, 247},   {{426, 240}, 364},    {{640, 360}, 640},
    {{960, 540}, 1400}, {{1280, 720}, 3100}, {{1920, 1080}, 7000},
};

// Two Chromium 156 on lines of known rate, VP8, a moving picture with noise, scaled down: quantizer
// 62 (QpScale::middle) at 0.12 bit a pixel and frame of 30 a second, which is six tenths of this.
constexpr double kTestPatternBits = 0.12 * 30 / 0.6;  // a pixel and second

constexpr double kSaturatedMotion = 2.5;  // ours: times the good rate
constexpr double kSaturatedNoise = 8;     // ours: there is always more noise to code

// A power of the number of pixels between two sizes, and beyond the last as between the two last.
template <class Rows, class Rate>
double interpolated(const Rows& rows, Resolution size, Rate rate) {
  std::size_t upper = 1;
  while (upper + 1 < std::size(rows) && rows[upper].size.pixels() < size.pixels()) ++upper;
  const auto& a = rows[upper - 1];
  const auto& b = rows[upper];
  const double place = std::log(static_cast<double>(size.pixels()) / a.size.pixels()) /
                       std::log(static_cast<double>(b.size.pixels()) / a.size.pixels());
  return rate(a) * std::pow(rate(b) / rate(a), place);
}

template <std::size_t kRows>
double ratesAt(const Row (&rows)[kRows], Codec codec, Resolution size) {
  return interpolated(rows, size,
                      [&](const Row& row) { return row.rates[static_cast<std::size_t>(codec)]; });
}

double good(Codec codec, Content content, Resolution size) {
  switch (content) {
    case Content::motion:
      return ratesAt(kMotion, codec, size);
    case Content::testPattern:
      // Other codecs than VP8 by what they need for a talking head.
      return kTestPatternBits * size.pixels() / 1000 * ratesAt(kTalkingHead, codec, size) /
             ratesAt(kTalkingHead, Codec::vp8, size);
    case Content::talkingHead:
    case Content::slides:
      break;
  }
  return ratesAt(kTalkingHead, codec, size);
}

DataRate kilobits(double rate) {
  return DataRate::bitsPerSecond(std::llround(rate * 1000));
}

}  // namespace

DataRate goodRate(Codec codec, Content content, Resolution size) {
  return kilobits(good(codec, content, size));
}

DataRate saturation(Codec codec, Content content, Resolution size) {
  switch (content) {
    case Content::motion:
      return kilobits(kSaturatedMotion * good(codec, content, size));
    case Content::testPattern:
      return kilobits(kSaturatedNoise * good(codec, content, size));
    case Content::talkingHead:
    case Content::slides:
      break;
  }
  const double measured =
      interpolated(kSaturated, size, [](const Saturated& row) { return row.rate; });
  return kilobits(measured * good(codec, content, size) / good(Codec::h264, content, size));
}

// Thresholds: libwebrtc, the encoders' kLowVp8QpThreshold and so on. VP8's slope is fitted to
// Chromium's calls at 320x180 and 480x270 (README.md). H.264's: six steps double the quantizer
// (ITU-T H.264 8.5.9). VP9's and AV1's: their tables of steps grow 2.8-fold from low to high.
QpScale qpScale(Codec codec) {
  switch (codec) {
    case Codec::vp8:
      return {29, 95, 4, 106, 62, 44};  // libwebrtc: at most 56 of 63, which is index 106
    case Codec::vp9:
      return {149, 205, 8, 224, 175, 50};
    case Codec::h264:
      return {24, 37, 10, 51, 30.5, 8.66};
    case Codec::av1:
      return {145, 205, 40, 208, 175, 50};  // libwebrtc: 10 to 52 of 63
  }
  return {};
}

}  // namespace callflow::video
