// G.1070 against values computed from its formulas and tables by an independent implementation, to
// the four places they were given with, and what callflow adds to it against sums by hand.
#include "models/quality/g1070.h"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>

using namespace callflow;
using namespace callflow::quality;

namespace {

Approx near(double value) {
  return Approx(value).margin(6e-5).epsilon(0);
}

G1070VideoResult video(VideoFit fit, int kbps, double fps, int lossPercent) {
  return g1070Video(
      {fit, DataRate::kbps(kbps), fps, Ratio::percent(lossPercent), coefficients(fit).pixels});
}

// Vq at 300 kbit/s and 15 frames a second; 500, 1000 and 2000 at 30; 1000 at 30 with 1 and 3 % of
// loss; 1000 at 15 with 1 %.
struct Row {
  VideoFit fit;
  std::array<double, 7> vq;
};
constexpr std::array kRows{
    Row{VideoFit::h264VgaHand, {3.1713, 3.3972, 3.8694, 4.0121, 3.1295, 2.1728, 3.1696}},
    Row{VideoFit::h264VgaWall, {2.9913, 3.1633, 3.6748, 3.8361, 2.9265, 1.9993, 2.9940}},
    Row{VideoFit::h264Vga, {3.0306, 3.0166, 3.7991, 4.1870, 2.9300, 1.9176, 3.0154}},
    Row{VideoFit::mpeg4Vga, {2.1478, 2.5177, 3.4167, 4.2560, 3.0719, 2.5230, 3.3481}},
    Row{VideoFit::mpeg4Qvga, {3.2200, 3.4864, 4.2698, 4.4725, 3.3985, 2.2905, 3.3469}},
    Row{VideoFit::mpeg2Vga, {2.9783, 2.7208, 3.3510, 3.5612, 2.1040, 1.2434, 2.1734}},
    Row{VideoFit::mpeg4Qqvga, {4.0661, 4.1729, 4.4256, 4.3767, 3.9036, 3.0861, 3.7407}},
};

double speech(int lossPercent, int delayMs) {
  return g1070Speech({0, 25.1, Ratio::percent(lossPercent), Duration::ms(delayMs)});
}

double together(MultimediaFit fit, int speechMs, int videoMs) {
  return g1070Multimedia({fit, 4.409, 3.8726, Duration::ms(speechMs), Duration::ms(videoMs)}).mmq;
}

}  // namespace

TEST_CASE("video quality of every fit at seven points") {
  for (const Row& row : kRows) {
    const VideoCoefficients& v = coefficients(row.fit);
    INFO(v.name);
    const auto vq = [&](int kbps, double fps, int loss) {
      return video(row.fit, kbps, fps, loss).vq;
    };
    CHECK(vq(300, 15, 0) == near(row.vq[0]));
    CHECK(vq(500, 30, 0) == near(row.vq[1]));
    CHECK(vq(1000, 30, 0) == near(row.vq[2]));
    CHECK(vq(1000, 30, 1) == near(row.vq[4]));
    CHECK(vq(1000, 30, 3) == near(row.vq[5]));
    CHECK(vq(1000, 15, 1) == near(row.vq[6]));

    // The row's value at 2000 kbit/s has no bound on Ofr, which passes 30 with three of the fits.
    const G1070VideoResult result = video(row.fit, 2000, 30, 0);
    const double unbounded = v.v1 + v.v2 * 2000;
    const double off = std::log(30 / unbounded) / result.frameRateBand;
    CHECK(1 + result.bestCoding * std::exp(-off * off / 2) == near(row.vq[3]));
    if (unbounded <= 30)
      CHECK(result.vq == near(row.vq[3]));
    else
      CHECK(result.vq == near(1 + result.bestCoding));
  }
}

TEST_CASE("the parts of video quality") {
  const G1070VideoResult result = video(VideoFit::h264VgaHand, 1000, 30, 1);
  CHECK(result.bestFrameRate == near(16.741));
  CHECK(result.bestCoding == Approx(2.9255).margin(5e-5));
  CHECK(result.frameRateBand == near(2.964));
  CHECK(result.coding == Approx(2.8694).margin(5e-5));
  CHECK(result.lossBand == Approx(3.353).margin(5e-5));
}

TEST_CASE("larger pictures count with a lower bit rate, smaller ones as they are") {
  const auto at = [](int kbps, std::int64_t pixels) {
    return g1070Video({VideoFit::h264VgaHand, DataRate::kbps(kbps), 30, Ratio{}, pixels});
  };
  CHECK_FALSE(at(1000, 640 * 360).scaled);
  CHECK(at(1000, 640 * 360).vq == near(3.8694));
  // 1280x720 has 3 times the pixels of VGA: 1000 / 3^0.75 = 438.691 kbit/s.
  CHECK(at(1000, 1280 * 720).scaled);
  CHECK(at(1000, 1280 * 720).vq ==
        near(g1070Video({VideoFit::h264VgaHand, DataRate::bitsPerSecond(438'691), 30, {}}).vq));
  // 16 times the pixels: an eighth of the bit rate.
  CHECK(at(8000, 2560 * 1920).vq == near(3.8694));
}

TEST_CASE("video outside of what was fitted stays on the scale") {
  CHECK(g1070Video({}).vq == 1);
  CHECK(video(VideoFit::h264VgaHand, 1000, 0, 0).vq == 1);
  CHECK(video(VideoFit::h264VgaHand, 1000, 30, 100).vq == near(1));
  CHECK_FALSE(video(VideoFit::h264VgaHand, 1000, 30, 3).beyondLoss);
  CHECK(video(VideoFit::h264VgaHand, 1000, 30, 4).beyondLoss);
  // At 4000 kbit/s DFr would be 2.738 - 3.992 = -1.254; at 30 frames a second Ofr is 30, and
  // nothing is lost.
  const G1070VideoResult fast = video(VideoFit::mpeg4Vga, 4000, 30, 0);
  CHECK(fast.frameRateBand > 0);
  CHECK(fast.vq == near(1 + fast.bestCoding));
  CHECK(video(VideoFit::mpeg4Vga, 4000, 15, 0).vq < fast.vq);
  CHECK(video(VideoFit::h264VgaHand, 1, 30, 0).vq >= 1);
}

TEST_CASE("speech beside video: G.711 with concealment, with loss and echo") {
  CHECK(speech(0, 0) == near(4.4092));
  CHECK(speech(1, 0) == near(4.3279));
  CHECK(speech(3, 0) == near(4.1339));
  CHECK(speech(0, 150) == near(4.3482));
  CHECK(speech(3, 150) == near(4.0330));
}

TEST_CASE("sound and picture together") {
  const MultimediaFit four = MultimediaFit::display4Inch, two = MultimediaFit::display2Inch;
  const std::array<int, 7> delays{0, 100, 150, 300, 400, 600, 1000};
  const std::array<double, 7> ofFour{3.0676, 3.0335, 3.0165, 2.9655, 2.9315, 2.8635, 2.7274};
  const std::array<double, 7> ofTwo{3.4456, 3.4268, 3.4174, 3.3891, 3.3703, 3.3326, 3.2572};
  for (std::size_t i = 0; i < delays.size(); ++i) {
    INFO(delays[i] << " ms");
    CHECK(together(four, delays[i], delays[i]) == near(ofFour[i]));
    CHECK(together(two, delays[i], delays[i]) == near(ofTwo[i]));
  }
  CHECK(together(four, 100, 400) == near(2.8098));
  CHECK(together(four, 400, 100) == near(2.7653));
  CHECK(together(two, 100, 400) == near(3.1722));
  CHECK(together(two, 400, 100) == near(3.1690));
}
