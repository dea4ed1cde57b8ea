// What the meter says of how a stream sounds and of how the network treated it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "models/quality/recency.h"
#include "models/receiver/stream_meter.h"
#include "tests/models/meter_support.h"

using namespace callflow;
using namespace callflow::receiver;

TEST_CASE("Burst ratio as G.107 defines it") {
  // The pattern 0001100000000000000000000000010000 (1: lost): 3 of 34 in runs of 2 and 1. Mean
  // run 1.5, times 1 - 3/34: 1.367647.
  const std::string pattern = "0001100000000000000000000000010000";
  std::vector<Duration> fates;
  for (const char c : pattern) fates.push_back(c == '1' ? never : Duration::ms(50));
  const PeriodStats all = run(fixedConfig(), fates).totals;
  CHECK(all.concealedRatio == near(3.0 / 34));
  CHECK(all.burstRatio == Approx(1.367647).margin(1e-6));

  // Alternating: mean run 1, times 1/2, held at 1.
  std::vector<Duration> alternating;
  for (int k = 0; k < 100; ++k) alternating.push_back(k % 2 == 1 ? never : Duration::ms(50));
  CHECK(run(fixedConfig(), alternating).totals.burstRatio == 1);
}

TEST_CASE("Scores are what the E-model says of the figures beside them") {
  auto fates = constant(1500, Duration::ms(80));
  for (std::size_t k = 0; k < 500; k += 50) fates[k + 7] = never;  // 2 % in the first window
  for (std::size_t k = 1000; k < 1500; k += 100) fates[k + 3] = fates[k + 4] = never;
  const StreamReport report = run(fixedConfig(100), fates);
  REQUIRE(report.windows.size() == 3);
  double mos = 0;
  for (const WindowStats& window : report.windows) {
    const PeriodStats& stats = window.stats;
    const quality::Score expected = quality::score(
        {quality::Codec::opus, DataRate::kbps(32), Duration::fromSeconds(stats.mouthToEar),
         Ratio::fromDouble(stats.concealedRatio), stats.burstRatio});
    CHECK(stats.score.r == near(expected.r));
    CHECK(stats.score.mosListening == near(expected.mosListening));
    mos += stats.score.mos / 3;
  }
  // Sound begins 180 ms after the first frame was sent: the first window has 491 frames of it, the
  // last one ends with the call's.
  CHECK(report.windows[0].stats.concealedRatio == near(10.0 / 491));
  CHECK(report.windows[1].stats.concealedRatio == 0);
  CHECK(report.windows[2].stats.concealedRatio == near(10.0 / 509));
  CHECK(report.windows[2].stats.burstRatio == near(2 * (1 - 10.0 / 509)));
  CHECK(report.windows[1].stats.score.mos > report.windows[0].stats.score.mos);
  CHECK(report.totals.score.mos == Approx(mos).margin(1e-9));
  CHECK(report.totals.mouthToEar == near(0.2065));
}

TEST_CASE("What is remembered of a call is its end") {
  // 60 s with the same burst of 2 s, in which every other frame is lost, early or late.
  const auto withBurst = [](std::size_t from) {
    auto fates = constant(3000, Duration::ms(30));
    for (std::size_t k = from; k < from + 100; k += 2) fates[k] = never;
    return run(fixedConfig(), fates);
  };
  const StreamReport clean = run(fixedConfig(), constant(3000, Duration::ms(30)));
  CHECK(clean.totals.rRecency == Approx(clean.totals.score.r));
  CHECK(clean.totals.mosRecency == Approx(clean.totals.score.mos));
  CHECK(std::isnan(clean.windows[0].stats.mosRecency));

  const StreamReport early = run(fixedConfig(), constant(0, {}));
  CHECK(std::isnan(early.totals.mosRecency));
  CHECK(withBurst(100).totals.mosRecency > withBurst(2800).totals.mosRecency);

  // By hand: 2400 frames of gap, a burst of 99 of which 50 are missing, 501 frames of gap.
  const StreamReport late = withBurst(2400);
  const auto codec = quality::parameters(quality::Codec::opus, DataRate::kbps(32));
  const quality::Segment segments[] = {
      quality::segmentOf({2400, 0, 99, 50}, frame, quality::Scale::fullband, codec),
      quality::segmentOf({501, 0, 0, 0}, frame, quality::Scale::fullband, codec)};
  CHECK(late.totals.rRecency ==
        Approx(148 - quality::recency(segments).end - late.totals.score.idd));
}

TEST_CASE("Network targets see packets as the network treated them") {
  // 60 s. A burst of 8 lost, one packet 130 ms late, one overtaken by the next; the last still on
  // its way, so that the last 200 ms are not filled.
  auto fates = constant(3000, Duration::ms(30));
  for (std::size_t k = 1000; k < 1008; ++k) fates[k] = never;
  fates[1500] = Duration::ms(160);
  fates[2000] = Duration::ms(60);
  fates[2999] = stuck;
  const StreamReport report = run(fixedConfig(200), fates);
  using quality::Target;
  const auto of = [&](Target target) { return quality::at(report.targets, target); };
  CHECK(of(Target::burstLoss).windows == 299);
  CHECK(of(Target::burstLoss).missed == 1);
  CHECK(of(Target::burstLoss).worst == 0.8);
  CHECK(of(Target::burstLoss).packets == 2990);
  CHECK(of(Target::loss).worst == 8.0 / 750);
  CHECK(of(Target::loss).missed == 75);
  CHECK(of(Target::jitter).missed == 0);
  CHECK(of(Target::oneWayDelay).missed == 0);
  CHECK(of(Target::oneWayDelay).packets == 2982);
  // Six packets were received before 1500, which were sent later, and one before 2000.
  CHECK(report.reordered == 2);
  CHECK(of(Target::reordering).worst == 2.0 / 2991);
  CHECK(of(Target::reordering).missed == 1);

  CHECK(
      quality::at(run(fixedConfig(), constant(3000, Duration::ms(50))).targets, Target::oneWayDelay)
          .missed == 226);
  // The delay changes by 35 ms from packet to packet.
  auto wavering = constant(3000, {});
  for (std::size_t k = 0; k < wavering.size(); k += 2) wavering[k] = Duration::ms(22);
  for (std::size_t k = 1; k < wavering.size(); k += 2) wavering[k] = Duration::ms(57);
  const StreamReport shaken = run(fixedConfig(), wavering);
  CHECK(quality::at(shaken.targets, Target::jitter).missed == 226);
  CHECK(quality::at(shaken.targets, Target::jitter).worst == Approx(0.035));
  CHECK(quality::at(shaken.targets, Target::oneWayDelay).worst == Approx(0.0395));
}

TEST_CASE("The more packets are lost, the worse the score, whatever repairs it") {
  // The same draws for each loss, so that a packet that is lost at one rate is lost at all above.
  std::mt19937 random(11);
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<double> draws;
  for (int k = 0; k < 1500; ++k) draws.push_back(uniform(random));
  struct Coded {
    quality::Codec codec;
    DataRate bitrate;
  };
  const auto withLoss = [&](MeterConfig config, double loss, Duration delay, bool red) {
    StreamMeter meter{config};
    const auto lost = [&](std::int64_t k) { return draws[static_cast<std::size_t>(k)] < loss; };
    for (std::int64_t k = 0; k < 1500 + delay / frame; ++k) {
      const TimePoint now = TimePoint{} + frame * k;
      if (k < 1500) meter.sent(k, now, size);
      if (k < 1500 && lost(k)) meter.dropped(k);
      const std::int64_t there = k - delay / frame;
      if (there < 0 || lost(there)) continue;
      if (red && there > 0) meter.receivedWithin(there, there - 1, now, propagation(delay));
      meter.received(there, now, propagation(delay));
    }
    return meter.finish().totals.score;
  };
  for (const Coded coded : {Coded{quality::Codec::opus, DataRate::kbps(32)},
                            Coded{quality::Codec::opusWideband, DataRate::kbps(12)},
                            Coded{quality::Codec::g711Plc, DataRate::kbps(64)}}) {
    for (MeterConfig config : {neteqConfig(), adaptiveConfig(), fixedConfig(60)}) {
      config.codec = coded.codec;
      config.bitrate = coded.bitrate;
      for (const std::int64_t delay : {20, 100, 400}) {
        for (const bool red : {false, true}) {
          double mos = 5, listening = 5;
          for (const double loss :
               {0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0}) {
            INFO(quality::traits(config.codec).name << " buffer " << config.buffer.index()
                                                    << " delay " << delay << " red " << red
                                                    << " loss " << loss);
            const quality::Score score = withLoss(config, loss, Duration::ms(delay), red);
            CHECK(score.mosListening <= listening);
            // NetEq's own delay is at its longest, 0.2 s, where nine packets of ten are lost, and
            // shorter where nearly all are: that much comes back.
            const bool neteq = config.buffer.index() == 2 && loss > 0.8 && loss < 1;
            CHECK(score.mos <= mos + (neteq ? 0.1 : 0));
            mos = std::min(mos, score.mos);
            listening = score.mosListening;
          }
          CHECK(mos == 1);
        }
      }
    }
  }
}
