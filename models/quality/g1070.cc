#include "models/quality/g1070.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "models/quality/e_model.h"

namespace callflow::quality {
namespace {

constexpr std::string_view kOlder = "ITU-T G.1070 (06/2018) table B.2";
constexpr std::int64_t kVga = 640 * 480;

constexpr std::array<VideoCoefficients, kVideoFitCount> kVideoFits{{
    {VideoFit::mpeg4Qvga, "mpeg4-qvga-4in", kOlder,  //
     1.431, 2.228e-2, 3.759, 184.1, 1.161, 1.446, 3.881e-4, 2.116, 467.4, 2.736, 15.28, 4.170,
     320 * 240},
    {VideoFit::mpeg4Qqvga, "mpeg4-qqvga-2in", kOlder,  //
     7.160, 2.215e-2, 3.461, 111.9, 2.091, 1.382, 5.881e-4, 0.8401, 113.9, 6.047, 46.87, 10.87,
     160 * 120},
    {VideoFit::mpeg2Vga, "mpeg2-vga-9in", kOlder,  //
     4.78, 1.22e-2, 2.614, 51.68, 1.063, 0.898, 6.923e-4, 0.7846, 85.15, 1.32, 539.48, 356.6, kVga},
    {VideoFit::mpeg4Vga, "mpeg4-vga-9in", kOlder,  //
     1.182, 1.11e-2, 4.286, 607.86, 1.184, 2.738, -9.98e-4, 0.896, 187.24, 5.212, 254.11, 268.24,
     kVga},
    {VideoFit::h264Vga, "h264-vga-9in", kOlder,  //
     5.517, 1.29e-2, 3.459, 178.53, 1.02, 1.15, 3.55e-4, 0.114, 513.77, 0.736, -6.451, 13.684,
     kVga},
    {VideoFit::h264VgaHand, "h264-vga-6in", "ITU-T G.1070 (06/2018) table B.4",  //
     6.743, 0.9998e-2, 3.051, 168.1, 1.766, 1.130, 18.340e-4, 1.232, 53.25, 3.353, 6.025, 80.752,
     kVga},
    {VideoFit::h264VgaWall, "h264-vga-65in", "ITU-T G.1070 (06/2018) table B.6",  //
     5.643, 1.042e-2, 2.862, 178.2, 1.972, 1.263, 11.026e-4, 1.125, 49.34, 3.047, 5.824, 92.465,
     kVga},
}};

constexpr bool inEnumOrder() {
  for (std::size_t i = 0; i < kVideoFits.size(); ++i) {
    if (static_cast<std::size_t>(kVideoFits[i].fit) != i) return false;
  }
  return true;
}
static_assert(inEnumOrder());

// m1 to m14.
struct MultimediaCoefficients {
  double m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14;
};
constexpr std::array<MultimediaCoefficients, kMultimediaFitCount> kMultimediaFits{{
    {-0.4457, -0.6638, 0.4042, 2.321, -0.3255, 0.3309, 0.1494, 0.5457,  //
     -3.235e-4, 3.915, -1.377e-3, 0, -1.095e-3, 0},
    {-0.6966, -0.8127, 0.4562, 3.003, -0.1638, 0.3626, 0.1291, 0.5456,  //
     -1.251e-4, 3.763, -1.065e-3, 1.465e-2, -1.002e-3, 0},
}};

constexpr double kMostFrames = 30;      // a second, of Ofr
constexpr double kSizeExponent = 0.75;  // ours
constexpr double kLeastBand = 0.1;      // of DFr; ours
constexpr double kBestSpeech = 93.193;  // R of the speech part without echo, codec and loss
constexpr Ratio kLossLimit = Ratio::percent(3);

double opinion(double value) {
  return std::clamp(value, 1.0, 5.0);
}

}  // namespace

const VideoCoefficients& coefficients(VideoFit fit) {
  return kVideoFits[static_cast<std::size_t>(fit)];
}

std::span<const VideoCoefficients> allVideoFits() {
  return kVideoFits;
}

G1070VideoResult g1070Video(const G1070Video& in) {
  const VideoCoefficients& v = coefficients(in.fit);
  G1070VideoResult out{};
  out.vq = 1;
  out.scaled = in.pixels > v.pixels;
  out.beyondLoss = in.loss > kLossLimit;
  if (in.bitrate <= DataRate{} || in.framesPerSecond <= 0) return out;

  double rate = static_cast<double>(in.bitrate.count()) / 1000;
  if (out.scaled)
    rate *= std::pow(static_cast<double>(v.pixels) / static_cast<double>(in.pixels), kSizeExponent);
  const double frames = in.framesPerSecond;
  out.bestFrameRate = std::clamp(v.v1 + v.v2 * rate, 1.0, kMostFrames);
  out.bestCoding = v.v3 - v.v3 / (1 + std::pow(rate / v.v4, v.v5));
  out.frameRateBand = std::max(kLeastBand, v.v6 + v.v7 * rate);
  const double off = std::log(frames) - std::log(out.bestFrameRate);
  out.coding = out.bestCoding * std::exp(-off * off / (2 * out.frameRateBand * out.frameRateBand));
  out.lossBand = v.v10 + v.v11 * std::exp(-frames / v.v8) + v.v12 * std::exp(-rate / v.v9);
  out.vq = opinion(1 + out.coding * std::exp(-in.loss.percentValue() / out.lossBand));
  return out;
}

double g1070Speech(const G1070Speech& in) {
  G107 telephone;
  telephone.echoPath = in.oneWayDelay;
  telephone.telr = in.telr;
  const double echo = g107(telephone).idte;
  const double codec = effectiveEquipmentImpairment(Scale::narrowband, in.ie, in.bpl, in.loss, 1);
  return mosFromR(Scale::narrowband, kBestSpeech - echo - codec);
}

G1070MultimediaResult g1070Multimedia(const G1070Multimedia& in) {
  const MultimediaCoefficients& m = kMultimediaFits[static_cast<std::size_t>(in.fit)];
  const double speech = in.speechDelay.milliseconds();
  const double video = in.videoDelay.milliseconds();
  G1070MultimediaResult out{};
  out.both = opinion(m.m5 * in.sq + m.m6 * in.vq + m.m7 * in.sq * in.vq + m.m8);
  const double delay = m.m9 * (speech + video) + m.m10;
  const double apart =
      speech >= video ? m.m11 * (speech - video) + m.m12 : m.m13 * (video - speech) + m.m14;
  out.timing = std::max(delay + std::min(apart, 0.0), 1.0);
  out.mmq = opinion(m.m1 * out.both + m.m2 * out.timing + m.m3 * out.both * out.timing + m.m4);
  return out;
}

}  // namespace callflow::quality
