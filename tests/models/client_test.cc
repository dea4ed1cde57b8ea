// What named client versions do.
#include <catch2/catch.hpp>

#include "models/client/in_band_fec.h"
#include "models/client/profile.h"

using namespace callflow;
using namespace callflow::client;

namespace {

double shareOfPackets(InBandFec& fec) {
  int with = 0;
  constexpr int packets = 20'000;
  for (int i = 0; i < packets; ++i) with += fec.next() ? 1 : 0;
  return with / static_cast<double>(packets);
}

constexpr InBandFecParameters parameters{.syntheticLeast = Ratio::percent(10),
                                         .syntheticPerLoss = 4,
                                         .syntheticMost = Ratio::percent(50)};

media::Audio at(int kbps) {
  media::Audio audio;
  audio.bitrate = DataRate::kbps(kbps);
  audio.rateControl = media::RateControl::vbr;
  return audio;
}

}  // namespace

TEST_CASE("Every packet of speech carries in-band FEC once loss was reported, if the rate allows") {
  InBandFec fec(parameters, at(32), 1);
  CHECK(shareOfPackets(fec) == 0);  // nothing is known
  fec.report(0, 250, Duration::s(5));
  CHECK(shareOfPackets(fec) == 0);
  fec.report(0, 0, Duration::s(5));  // says nothing
  CHECK(shareOfPackets(fec) == 0);

  InBandFec lossy(parameters, at(32), 1);
  lossy.report(10, 250, Duration::s(5));
  CHECK(shareOfPackets(lossy) == 1);
  // Ten of 256 (RFC 3550 6.4.1: rounded down) are 3.9 %. Forgotten by 0.9999 a millisecond, 0.607
  // in 5 s, that is 2.4, 1.4, 0.87, 0.53 and 0.32 %: libopus is told whole percents.
  for (int i = 0; i < 4; ++i) lossy.report(0, 250, Duration::s(5));
  CHECK(shareOfPackets(lossy) == 1);
  lossy.report(0, 250, Duration::s(5));
  CHECK(shareOfPackets(lossy) == 0);

  // One lost of 250 is 1/256, 0.39 %, which is told as 0; two are 0.78 %, told as 1.
  InBandFec few(parameters, at(32), 1);
  few.report(1, 250, Duration::s(5));
  CHECK(shareOfPackets(few) == 0);
  InBandFec more(parameters, at(32), 1);
  more.report(2, 250, Duration::s(5));
  CHECK(shareOfPackets(more) == 1);
}

TEST_CASE("libopus finds in-band FEC worth a rate by the loss it was told") {
  // 1 % told: 32,000 x 0.99 x (1 - 1/16) = 29,700 bit/s, above (22,000 + 1,000) x 1.24 = 28,520;
  // 30 kbit/s: 27,844, which is enough only to go on (21,000 x 1.24 = 26,040).
  CHECK(fecPays(at(32), Ratio::percent(1), false));
  CHECK_FALSE(fecPays(at(30), Ratio::percent(1), false));
  CHECK(fecPays(at(30), Ratio::percent(1), true));
  CHECK_FALSE(fecPays(at(28), Ratio::percent(1), true));  // 25,988
  CHECK_FALSE(fecPays(at(32), Ratio::percent(0), true));
  // 24 kbit/s at 6 %: 23,760 x (1 - 6/46) = 20,661: not for 20 or 12 kHz of sound (23,000 and
  // 21,000 x 1.19), but for 8 (17,000 x 1.19 = 20,230). At 5 % libopus keeps the band instead.
  CHECK(fecPays(at(24), Ratio::percent(6), false));
  CHECK_FALSE(fecPays(at(24), Ratio::percent(5), false));
  // 16 kbit/s at 20 %: 15,840 x (1 - 20/130) = 13,403: below 13,000 x 1.05 = 13,650 of 4 kHz.
  CHECK_FALSE(fecPays(at(16), Ratio::percent(20), false));
  CHECK(fecPays(at(17), Ratio::percent(20), false));
  // A constant rate is worth a twelfth less: 29,334 x 0.99 x 15/16 = 27,225.
  media::Audio constant = at(32);
  constant.rateControl = media::RateControl::cbr;
  CHECK_FALSE(fecPays(constant, Ratio::percent(1), false));
  // Frames of 10 ms: 3,000 bit/s less, 28,710 x 15/16 = 26,916. Longer ones are as good as 20 ms.
  media::Audio other = at(32);
  other.frame = Duration::ms(10);
  CHECK_FALSE(fecPays(other, Ratio::percent(1), false));
  other.frame = Duration::ms(60);
  CHECK(fecPays(other, Ratio::percent(1), false));
}

TEST_CASE("A synthetic signal has in-band FEC in a share of its packets that grows with loss") {
  media::Audio synthetic = at(32);
  synthetic.content = media::Content::synthetic;
  InBandFec lossy(parameters, synthetic, 2);
  lossy.report(10, 250, Duration::s(5));  // the first report counts in full: 10 of 256
  constexpr double reported = 10.0 / 256;
  CHECK(shareOfPackets(lossy) == Approx(0.10 + 4 * reported).margin(0.01));
  // Without loss it is forgotten by 0.9999 a millisecond: 0.607 in 5 s.
  lossy.report(0, 250, Duration::s(5));
  CHECK(shareOfPackets(lossy) == Approx(0.10 + 4 * reported * 0.6065).margin(0.01));
  for (int i = 0; i < 20; ++i) lossy.report(0, 250, Duration::s(5));
  CHECK(shareOfPackets(lossy) == 0);
  lossy.report(250, 250, Duration::s(500));
  CHECK(shareOfPackets(lossy) == Approx(0.5).margin(0.01));  // no more than that
}

TEST_CASE("Profiles differ where libwebrtc's versions do") {
  CHECK(profile(Version::chrome2020).neteq.quantile == 0.97);
  CHECK(profile(Version::chrome2020).neteq.forgetFactor == 0.9993);
  CHECK_FALSE(profile(Version::chrome2020).neteq.reorderOptimizer);
  CHECK(profile(Version::chrome2020).neteq.stretch == receiver::StretchRule::bufferLevel);
  for (const Version version : {Version::chrome2024, Version::chrome2026}) {
    CHECK(profile(version).version == version);
    CHECK(profile(version).neteq.quantile == 0.95);
    CHECK(profile(version).neteq.forgetFactor == 0.983);
    CHECK(profile(version).neteq.reorderOptimizer);
    CHECK(profile(version).neteq.stretch == receiver::StretchRule::playoutDelay);
  }
}
