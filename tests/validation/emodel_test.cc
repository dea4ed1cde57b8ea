// The E-model against figures published by others (named in the rows' comments) and against vectors
// computed by an independent program from the same Recommendations. Tolerance 1e-6 as the
// arithmetic is the same doubles.
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "models/quality/score.h"

using namespace callflow;
using namespace callflow::quality;

namespace {

struct Row {
  std::string what;
  double r, mos;
};

Approx near(double value) {
  return Approx(value).margin(1e-6).epsilon(0);
}

void check(const Row& expected, Scale scale, double r) {
  INFO(expected.what << " on the " << name(scale) << " scale");
  CHECK(r == near(expected.r));
  CHECK(mosFromR(scale, r) == near(expected.mos));
}

// G.107 input with the delay as echo path too (a telephone with TELR 65), or without echo.
G107 telephone(double ie, double bpl, int lossPercent, int delayMs, bool echo,
               double burstRatio = 1) {
  G107 in;
  in.ie = ie;
  in.bpl = bpl;
  in.loss = Ratio::percent(lossPercent);
  in.burstRatio = burstRatio;
  in.oneWayDelay = Duration::ms(delayMs);
  if (echo) {
    in.echoPath = Duration::ms(delayMs);
    in.roundTrip = Duration::ms(2 * delayMs);
  }
  return in;
}

Score ofCodec(Codec codec, double kbps, int lossPercent, int delayMs = 0, double burstRatio = 1) {
  return score({codec, DataRate::bitsPerSecond(std::llround(kbps * 1000)), Duration::ms(delayMs),
                Ratio::percent(lossPercent), burstRatio});
}

}  // namespace

TEST_CASE("G.107 with all defaults has the components of the Recommendation") {
  const G107Result d = g107({});
  CHECK(d.no == near(-61.179214));
  CHECK(d.ro == near(94.768822));
  CHECK(d.iolr == near(0.440178));
  CHECK(d.ist == near(-0.000715));
  CHECK(d.iq == near(0.974105));
  CHECK(d.is == near(1.413568));
  CHECK(d.idte == 0);
  CHECK(d.idle == near(0.149046));
  CHECK(d.idd == 0);
  CHECK(d.ieEff == 0);
  CHECK(bestR(Scale::narrowband) == d.r);
}

TEST_CASE("G.107 check values, with and without echo") {
  const auto nb = [](const Row& row, const G107& in) { check(row, Scale::narrowband, g107(in).r); };
  const bool echo = true;
  nb({"all defaults", 93.206208, 4.409406}, {});
  nb({"G.711+PLC 100 ms", 90.663730, 4.354920}, telephone(0, 25.1, 0, 100, echo));
  nb({"G.711+PLC 150 ms", 89.539132, 4.327546}, telephone(0, 25.1, 0, 150, echo));
  nb({"G.711+PLC 250 ms", 79.177101, 3.992519}, telephone(0, 25.1, 0, 250, echo));
  nb({"G.711+PLC 1 %", 89.566361, 4.328232}, telephone(0, 25.1, 1, 0, !echo));
  nb({"G.711+PLC 5 %", 77.425477, 3.923091}, telephone(0, 25.1, 5, 0, !echo));
  nb({"G.729A 2 %", 74.206208, 3.787558}, telephone(11, 19, 2, 0, !echo));
  nb({"G.729A 2 % 150 ms", 70.539132, 3.622182}, telephone(11, 19, 2, 150, echo));
  nb({"G.711+PLC 2 % 150 ms", 82.528062, 4.115869}, telephone(0, 25.1, 2, 150, echo));
  nb({"G.711+PLC 5 % BurstR 2", 75.996063, 3.864123}, telephone(0, 25.1, 5, 0, !echo, 2));
  nb({"G.711 2 %", 63.047478, 3.256361}, telephone(0, 4.3, 2, 0, !echo));
  nb({"G.711 2 % BurstR 2", 57.357151, 2.962252}, telephone(0, 4.3, 2, 0, !echo, 2));
  nb({"100 ms, no echo", 93.206208, 4.409406}, telephone(0, 4.3, 0, 100, !echo));
  nb({"150 ms, no echo", 93.042677, 4.406220}, telephone(0, 4.3, 0, 150, !echo));
  nb({"200 ms, no echo", 90.161793, 4.342944}, telephone(0, 4.3, 0, 200, !echo));
  nb({"250 ms, no echo", 84.289498, 4.175287}, telephone(0, 4.3, 0, 250, !echo));
  nb({"300 ms, no echo", 78.445513, 3.963913}, telephone(0, 4.3, 0, 300, !echo));
  nb({"400 ms, no echo", 69.136119, 3.556227}, telephone(0, 4.3, 0, 400, !echo));
  nb({"500 ms, no echo", 62.570283, 3.232097}, telephone(0, 4.3, 0, 500, !echo));

  G107 low = telephone(0, 4.3, 0, 400, !echo);
  low.sensitivity = {0.55, Duration::ms(120)};
  nb({"400 ms, low sensitivity", 76.311662, 3.877314}, low);
  low.sensitivity = {0.4, Duration::ms(150)};
  nb({"400 ms, very low sensitivity", 82.008963, 4.097622}, low);
  G107 sidetone;
  sidetone.stmr = 25;
  nb({"STMR 25", 88.249144, 4.293781}, sidetone);
  G107 loudEcho = telephone(0, 4.3, 0, 150, echo);
  loudEcho.telr = 45;
  nb({"TELR 45 150 ms", 62.528744, 3.229981}, loudEcho);
}

TEST_CASE("G.107.1 check values: AMR-WB scores of G.113, and delay with echo") {
  const Scale wb = Scale::wideband;
  const auto clean = [&](const Row& row, double ie, double bpl = 4.3, int loss = 0, int delay = 0) {
    check(row, wb,
          bestR(wb) - effectiveEquipmentImpairment(wb, ie, bpl, Ratio::percent(loss), 1) -
              delayImpairment(wb, Duration::ms(delay)));
  };
  clean({"Ie 0", 129.0, 4.5}, 0);
  clean({"AMR-WB 23.05 monotic", 128.0, 4.493988}, 1);
  clean({"AMR-WB 23.85 monotic", 121.0, 4.420569}, 8);
  clean({"AMR-WB 12.65 monotic", 116.0, 4.337096}, 13);
  clean({"AMR-WB 6.6 monotic", 88.0, 3.512307}, 41);
  clean({"AMR-WB 6.6 diotic", 73.0, 2.921967}, 56);
  clean({"AMR-WB 12.65 diotic 2 %", 85.190476, 3.406179}, 20, 4.3, 2);
  clean({"Ie 0, 200 ms, no echo", 125.072706, 4.469804}, 0, 4.3, 0, 200);
  check({"Ie 5, 150 ms, echo", 122.421331, 4.439743}, wb, g1071(telephone(5, 4.3, 0, 150, true)).r);
  check({"Ie 0, 50 ms, echo", 128.255018, 4.495632}, wb, g1071(telephone(0, 4.3, 0, 50, true)).r);
}

TEST_CASE("G.107.2 check values: EVS") {
  const auto evs = [](const Row& row, double kbps, int loss = 0, int delay = 0) {
    const Score s = ofCodec(Codec::evs, kbps, loss, delay);
    check(row, s.scale, s.r);
    CHECK_FALSE(s.outOfRange.any());
  };
  check({"Ie 0", 148.0, 4.5}, Scale::fullband, bestR(Scale::fullband));
  evs({"9.6 kbit/s", 125.3, 4.187348}, 9.6);
  evs({"13.2 kbit/s", 130.9, 4.299092}, 13.2);
  evs({"16.4 kbit/s", 137.2, 4.399453}, 16.4);
  evs({"24.4 kbit/s", 140.8, 4.443558}, 24.4);
  evs({"32 kbit/s", 139.3, 4.426409}, 32);
  evs({"48 kbit/s", 137.8, 4.407500}, 48);
  evs({"24.4 kbit/s 3 %", 114.8, 3.928841}, 24.4, 3);
  evs({"24.4 kbit/s 3 % 250 ms", 101.603269, 3.533105}, 24.4, 3, 250);
}

TEST_CASE("Opus check values on the three scales") {
  struct OpusRow {
    double kbps;
    int loss;
    double r, mos;
  };
  const std::vector<OpusRow> random{
      {16, 0, 117.836979, 4.009539}, {16, 2, 103.110011, 3.581435}, {16, 5, 87.582380, 3.057292},
      {16, 10, 71.186966, 2.475514}, {25, 0, 127.790945, 4.239515}, {25, 2, 110.954959, 3.820570},
      {25, 5, 93.457117, 3.261395},  {25, 10, 75.257606, 2.619657}, {34, 0, 133.241070, 4.339679},
      {34, 2, 113.894358, 3.903931}, {34, 5, 94.470875, 3.296031},  {34, 10, 74.970160, 2.609443},
      {40, 0, 137.334034, 4.401275}, {40, 2, 116.751501, 3.981211}, {40, 5, 96.315091, 3.358502},
      {40, 10, 76.023254, 2.646884},
  };
  for (const OpusRow& row : random) {
    const Score s = ofCodec(Codec::opus, row.kbps, row.loss);
    check({"Opus, random loss", row.r, row.mos}, Scale::fullband, s.r);
    CHECK(s.mos == s.mosListening);
    CHECK_FALSE(s.bursty);
  }
  const Score bursty = ofCodec(Codec::opus, 25, 5, 0, 2);
  check({"25 kbit/s 5 % bursty", 88.372417, 3.085023}, bursty.scale, bursty.r);
  CHECK(bursty.bursty);
  const Score late = ofCodec(Codec::opus, 25, 2, 300);
  check({"25 kbit/s 2 % 300 ms", 89.109131, 3.110813}, late.scale, late.r);
  CHECK(late.mosListening == near(3.820570));

  const Score wb = ofCodec(Codec::opusWideband, 13, 0);
  check({"wideband 13 kbit/s", 109.041118, 4.183027}, Scale::wideband, wb.r);
  const Score wbLoss = ofCodec(Codec::opusWideband, 13, 5);
  check({"wideband 13 kbit/s 5 %", 93.724158, 3.718894}, Scale::wideband, wbLoss.r);
  const Score nb = ofCodec(Codec::opusNarrowbandCbr, 10, 0);
  check({"narrowband 10 kbit/s", 87.008841, 4.259015}, Scale::narrowband, nb.r);
}

TEST_CASE("Opus by burst ratio, and by delay") {
  const std::vector<double> ratios{1, 1.5, 2, 3, 4};
  const std::vector<std::pair<int, std::vector<double>>> rows{
      {1, {4.0313, 4.0249, 4.0215, 4.0180, 4.0162}},
      {2, {3.8206, 3.7946, 3.7804, 3.7654, 3.7575}},
      {5, {3.2614, 3.1259, 3.0448, 2.9526, 2.9017}},
  };
  for (const auto& [loss, scores] : rows) {
    for (std::size_t i = 0; i < ratios.size(); ++i) {
      const double r = 148 - effectiveEquipmentImpairment(Scale::fullband, 20.20905481, 11.28,
                                                          Ratio::percent(loss), ratios[i]);
      CHECK(mosFromR(Scale::fullband, r) == Approx(scores[i]).margin(5e-5));
    }
  }
  const std::vector<std::pair<int, double>> delays{{100, 4.2395}, {150, 4.2346}, {200, 4.1424},
                                                   {250, 3.9232}, {300, 3.6704}, {400, 3.2170},
                                                   {500, 2.8757}};
  for (const auto& [ms, mos] : delays) {
    CHECK(ofCodec(Codec::opus, 25, 0, ms).mos == Approx(mos).margin(5e-5));
  }
}

TEST_CASE("Delay impairment by hand") {
  // X = lg(200/100)/lg 2 = 1: 25 (2^(1/6) - 3 (1 + 3^-6)^(1/6) + 2).
  const double byHand = 25 * (std::pow(2.0, 1.0 / 6) - 3 * std::pow(1 + 1 / 729.0, 1.0 / 6) + 2);
  CHECK(delayImpairment(Duration::ms(200)) == Approx(byHand).margin(1e-12));
  CHECK(delayImpairment(Duration::ms(100)) == 0);
  CHECK(delayImpairment(Scale::fullband, Duration::ms(200)) == Approx(1.48 * byHand).margin(1e-12));
}

TEST_CASE("G.113's tables of impairment by loss are met within 3 points") {
  struct Published {
    double ie, bpl, loss, value;
  };
  // G.113 (09/1999) appendix I; the column without concealment was withdrawn.
  const std::vector<Published> rows{
      {0, 25.1, 1, 5},    {0, 25.1, 2, 7},     {0, 25.1, 5, 15},  {0, 25.1, 10, 25},
      {0, 25.1, 20, 45},  {11, 19, 0.5, 13},   {11, 19, 2, 19},   {11, 19, 4, 26},
      {11, 19, 16, 49},   {15, 16.1, 0.5, 17}, {15, 16.1, 2, 24}, {15, 16.1, 8, 41},
      {15, 16.1, 16, 55}, {5, 10, 1, 16},      {5, 10, 3, 26},    {5, 10, 5, 33},
  };
  for (const Published& row : rows) {
    CHECK(effectiveEquipmentImpairment(Scale::narrowband, row.ie, row.bpl,
                                       Ratio::fromDouble(row.loss / 100),
                                       1) == Approx(row.value).margin(3.0));
  }
}

TEST_CASE("R and MOS turn into each other") {
  const std::vector<std::pair<double, double>> rows{
      {4.0, 79.3709}, {3.5, 67.9615}, {3.0, 58.0785}, {2.5, 48.5683}, {2.0, 38.6837}};
  for (const auto& [mos, r] : rows) {
    CHECK(rFromMos(Scale::narrowband, mos) == Approx(r).margin(5e-5));
    CHECK(rFromMos(Scale::fullband, mos) == Approx(1.48 * r).margin(1e-4));
  }
  for (double r = 7; r < 100; r += 0.25) {
    CHECK(rFromMos(Scale::narrowband, mosFromR(Scale::narrowband, r)) == Approx(r).margin(1e-3));
  }
  CHECK(mosFromR(Scale::narrowband, -5) == 1);
  CHECK(mosFromR(Scale::narrowband, 3.2) == 1);  // the bare polynomial gives 0.989 here
  CHECK(mosFromR(Scale::narrowband, 6.6) > 1);
  CHECK(mosFromR(Scale::narrowband, 120) == 4.5);
  CHECK(rFromMos(Scale::wideband, 4.5) == 129);
}

TEST_CASE("Scores never rise with delay, loss or burst ratio") {
  for (const CodecTraits& codec : allCodecs()) {
    INFO(codec.name);
    for (const CodecPoint& point : codec.points) {
      const auto at = [&](int delayMs, double lossPercent, double burstRatio) {
        return score({codec.codec, point.bitrate, Duration::ms(delayMs),
                      Ratio::fromDouble(lossPercent / 100), burstRatio});
      };
      for (int ms = 0; ms < 1000; ms += 10) REQUIRE(at(ms + 10, 1, 1).r <= at(ms, 1, 1).r);
      for (const double ratio : {1.0, 1.2, 1.4, 2.0, 8.0}) {
        for (double loss = 0; loss < 60; loss += 0.5) {
          INFO("loss " << loss << " burst ratio " << ratio);
          REQUIRE(at(0, loss + 0.5, ratio).r <= at(0, loss, ratio).r);
        }
      }
      for (const double loss : {0.0, 0.5, 2.0, 10.0, 20.0, 40.0}) {
        for (double ratio = 1; ratio < 10; ratio += 0.05) {
          INFO("loss " << loss << " burst ratio " << ratio);
          REQUIRE(at(0, loss, ratio + 0.05).r <= at(0, loss, ratio).r);
        }
      }
      const Score bad = at(5000, 100, 50);
      CHECK(bad.mos == 1);
      CHECK(at(0, 0, 1).mos <= 4.5);
      CHECK(at(400, 3, 1).mosListening >= at(400, 3, 1).mos);
    }
  }
}

TEST_CASE("Codec parameters between, at and beyond the published bit rates") {
  // Half-way between 22 and 25 kbit/s.
  const CodecParameters half = parameters(Codec::opus, DataRate::bitsPerSecond(23'500));
  CHECK(half.ie == Approx((20.22332357 + 20.20905481) / 2).margin(1e-9));
  CHECK(half.bplRandom == Approx((10.47 + 11.28) / 2).margin(1e-9));
  CHECK(half.bplBursty == Approx((8.57 + 9.18) / 2).margin(1e-9));
  CHECK_FALSE(half.outside);
  CHECK(parameters(Codec::opus, DataRate::kbps(40)).ie == 10.66596559);
  CHECK_FALSE(parameters(Codec::opus, DataRate::kbps(40)).outside);
  CHECK(parameters(Codec::opus, DataRate::kbps(64)).ie == 10.66596559);
  CHECK(parameters(Codec::opus, DataRate::kbps(64)).outside);
  CHECK(parameters(Codec::opus, DataRate::kbps(6)).ie == 38.06);
  CHECK(parameters(Codec::opus, DataRate::kbps(6)).outside);
  CHECK_FALSE(parameters(Codec::g711, DataRate::kbps(80)).outside);
  for (const CodecTraits& codec : allCodecs()) {
    CHECK(codecNamed(codec.name) == codec.codec);
    CHECK(traits(codec.codec).name == codec.name);
  }
  CHECK_FALSE(codecNamed("opuss").has_value());
}

TEST_CASE("G.722 is scored on the wideband scale") {
  ScoreInput input;
  input.codec = Codec::g722;
  input.bitrate = DataRate::kbps(64);
  Score clean = score(input);
  CHECK(clean.scale == Scale::wideband);
  CHECK(clean.r == Approx(129 - 13));
  // R / 1.29 = 89.9225: 1 + 0.035 R + R (R - 60)(100 - R) 7e-6 = 1 + 3.14729 + 0.18981.
  CHECK(clean.mos == Approx(4.3371).margin(1e-4));
  input.loss = Ratio::percent(2);
  // 13 + (95 - 13) x 2 / (2 + 4.3)
  CHECK(score(input).ieEff == Approx(39.0317).margin(1e-4));
}

TEST_CASE("Opus is scored in the band that libopus codes at its bit rate") {
  const auto at = [](std::int64_t bitsPerSecond, bool constant, int frame = 20) {
    return opusAt(DataRate::bitsPerSecond(bitsPerSecond), Duration::ms(frame), constant);
  };
  CHECK(at(6'000, false) == Codec::opusNarrowband);
  CHECK(at(9'000, false) == Codec::opusWideband);
  CHECK(at(13'499, false) == Codec::opusWideband);
  CHECK(at(13'500, false) == Codec::opus);
  CHECK(at(510'000, false) == Codec::opus);
  // 9 and 13.5 kbit/s are 9,818 and 14,727 less a twelfth.
  CHECK(at(9'000, true) == Codec::opusNarrowbandCbr);
  CHECK(at(10'000, true) == Codec::opusWidebandCbr);
  CHECK(at(14'000, true) == Codec::opusWidebandCbr);
  CHECK(at(15'000, true) == Codec::opusCbr);
  // Longer frames are as those of 20 ms; 100 frames a second cost 50 x 60 bit/s. libopus 1.3.1
  // gives opus_packet_get_bandwidth() narrowband at 11.5 kbit/s in frames of 10 ms, wideband at 13
  // and 16, more from 17 on; at constant rate wideband at 14 and 17, more at 18.
  CHECK(at(13'499, false, 60) == Codec::opusWideband);
  CHECK(at(13'500, false, 120) == Codec::opus);
  CHECK(at(11'500, false, 10) == Codec::opusNarrowband);
  CHECK(at(13'000, false, 10) == Codec::opusWideband);
  CHECK(at(16'000, false, 10) == Codec::opusWideband);
  CHECK(at(17'000, false, 10) == Codec::opus);
  CHECK(at(14'000, true, 10) == Codec::opusWidebandCbr);
  CHECK(at(17'000, true, 10) == Codec::opusWidebandCbr);
  CHECK(at(18'000, true, 10) == Codec::opusCbr);
}

TEST_CASE("Inputs out of range are flagged and still scored") {
  const auto flags = [](Codec codec, double kbps, double loss, int delay, double ratio) {
    std::vector<std::string_view> names;
    const Score s = score({codec, DataRate::bitsPerSecond(static_cast<std::int64_t>(kbps * 1000)),
                           Duration::ms(delay), Ratio::fromDouble(loss / 100), ratio});
    CHECK(s.mos >= 1);
    for (const RangeRow& row : allRanges()) {
      if (s.outOfRange.has(row.flag)) names.push_back(row.name);
    }
    return names;
  };
  using Names = std::vector<std::string_view>;
  // At every limit, then past each.
  CHECK(flags(Codec::opus, 32, 20, 500, 8).empty());
  CHECK(flags(Codec::opus, 32, 0, 501, 1) == Names{"delay"});
  CHECK(flags(Codec::opus, 32, 20.001, 0, 1) == Names{"loss"});
  CHECK(flags(Codec::opus, 32, 1, 0, 8.01) == Names{"burst-ratio"});
  CHECK(flags(Codec::opus, 40, 0, 0, 1).empty());
  CHECK(flags(Codec::opus, 40.001, 0, 0, 1) == Names{"bitrate"});
  CHECK(flags(Codec::opus, 14, 0, 0, 1).empty());
  CHECK(flags(Codec::opus, 13.999, 0, 0, 1) == Names{"bitrate"});
  CHECK(flags(Codec::g711Plc, 64, 2, 0, 2).empty());
  CHECK(flags(Codec::g711Plc, 64, 1.999, 0, 2.01).empty());
  CHECK(flags(Codec::g711Plc, 64, 2, 0, 2.01) == Names{"burst-ratio-at-loss"});
  CHECK(flags(Codec::g711Plc, 64, 3, 0, 9) == Names{"burst-ratio", "burst-ratio-at-loss"});
  CHECK(flags(Codec::opusNarrowbandCbr, 7, 0, 0, 1).empty());
  CHECK(flags(Codec::opusNarrowbandCbr, 6, 0, 0, 1) == Names{"impairment"});  // Ie 46.3
  CHECK(flags(Codec::amrWbDiotic, 6.6, 0, 0, 1).empty());  // 56, on another scale
  CHECK(flags(Codec::g722, 64, 0, 0, 1).empty());
  CHECK(flags(Codec::g722, 64, 0.001, 0, 1) == Names{"robustness"});
  CHECK(flags(Codec::opus, 510, 60, 700, 20) == Names{"delay", "loss", "burst-ratio", "bitrate"});
}

TEST_CASE("G.113's AMR-WB, with its Bpl") {
  // Table IV.1 with the scores that follow from it.
  const std::vector<std::pair<double, double>> monotic{{6.6, 3.51},   {8.85, 4.02},  {12.65, 4.34},
                                                       {14.25, 4.39}, {15.85, 4.43}, {18.25, 4.46},
                                                       {19.85, 4.48}, {23.05, 4.49}, {23.85, 4.42}};
  for (const auto& [kbps, mos] : monotic) {
    CHECK(ofCodec(Codec::amrWb, kbps, 0).mos == Approx(mos).margin(0.006));
  }
  const std::vector<std::pair<double, double>> diotic{{6.6, 2.92},   {8.85, 3.51},  {12.65, 4.18},
                                                      {15.85, 4.25}, {23.05, 4.42}, {23.85, 4.39}};
  for (const auto& [kbps, mos] : diotic) {
    CHECK(ofCodec(Codec::amrWbDiotic, kbps, 0).mos == Approx(mos).margin(0.006));
  }
  const Score lossy = ofCodec(Codec::amrWbDiotic, 12.65, 2);
  check({"AMR-WB 12.65 diotic 2 %", 85.190476, 3.406179}, lossy.scale, lossy.r);
  CHECK_FALSE(lossy.outOfRange.any());
}

TEST_CASE("G.113's telephone codecs lose what their Ie says") {
  const std::vector<std::tuple<Codec, double, double>> rows{
      {Codec::g726, 40, 2},       {Codec::g726, 32, 7},       {Codec::g726, 24, 25},
      {Codec::g726, 16, 50},      {Codec::g728, 16, 7},       {Codec::g728, 12.8, 20},
      {Codec::g729a, 8, 11},      {Codec::g729aPlain, 8, 10}, {Codec::g7231, 6.3, 15},
      {Codec::g7231Low, 5.3, 19}, {Codec::gsmFr, 13, 20},     {Codec::gsmEfr, 12.2, 5},
      {Codec::is641, 7.4, 10},    {Codec::ilbc, 15.2, 11},    {Codec::g711, 64, 0}};
  for (const auto& [codec, kbps, ie] : rows) {
    const Score s = ofCodec(codec, kbps, 0);
    INFO(traits(codec).name << " at " << kbps);
    CHECK(s.scale == Scale::narrowband);
    CHECK(s.r == Approx(bestR(Scale::narrowband) - ie));
    CHECK_FALSE(s.outOfRange.has(RangeFlag::bitrate));
  }
  const std::vector<std::tuple<Codec, double, double>> wide{{Codec::g722, 64, 13},
                                                            {Codec::g722, 56, 20},
                                                            {Codec::g722, 48, 31},
                                                            {Codec::g7221, 32, 13},
                                                            {Codec::g7221, 24, 19}};
  for (const auto& [codec, kbps, ie] : wide) CHECK(ofCodec(codec, kbps, 0).r == Approx(129 - ie));
}

TEST_CASE("Which Bpl goes with which burst ratio") {
  // Mean run 1.4/(1 - 0.05) = 1.47 frames: random, with the ratio measured.
  const Score random = ofCodec(Codec::opus, 25, 5, 0, 1.4);
  CHECK_FALSE(random.bursty);
  CHECK(random.bpl == 11.28);
  CHECK(random.burstRatio == 1.4);
  // Mean run 1.45/(1 - 0.05) = 1.53 frames: bursty, ratio 1.
  const Score bursty = ofCodec(Codec::opus, 25, 5, 0, 1.45);
  CHECK(bursty.bursty);
  CHECK(bursty.bpl == 9.18);
  CHECK(bursty.burstRatio == 1);
  // One Bpl only: the ratio always counts.
  const Score g711 = ofCodec(Codec::g711Plc, 64, 5, 0, 3);
  CHECK_FALSE(g711.bursty);
  CHECK(g711.burstRatio == 3);
}

TEST_CASE("More loss never scores better, whatever the codec, its rate, the delay and the bursts") {
  for (const CodecTraits& codec : allCodecs()) {
    for (const std::int64_t rate : {6, 12, 24, 32, 64}) {
      for (const std::int64_t delay : {0, 100, 250, 600, 5000}) {
        for (const double bursts : {1.0, 2.0, 8.0}) {
          Score before =
              score({codec.codec, DataRate::kbps(rate), Duration::ms(delay), {}, bursts});
          for (std::int64_t percent = 1; percent <= 100; ++percent) {
            INFO(codec.name << " at " << rate << " kbit/s, " << delay << " ms, burst ratio "
                            << bursts << ", " << percent << " %");
            const Score now = score({codec.codec, DataRate::kbps(rate), Duration::ms(delay),
                                     Ratio::percent(percent), bursts});
            REQUIRE(now.mos <= before.mos);
            REQUIRE(now.mosListening <= before.mosListening);
            REQUIRE(now.r <= before.r);
            before = now;
          }
          // Nothing but silence.
          REQUIRE(before.mos == 1);
          REQUIRE(before.r == 0);
        }
      }
    }
  }
}
