// Windows: packets belong to the one they were sent in, sound to the one it was heard in.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "models/receiver/stream_meter.h"
#include "tests/models/meter_support.h"

using namespace callflow;
using namespace callflow::receiver;

TEST_CASE("Interruptions are concealment runs of 150 ms, counted where they begin") {
  auto fates = constant(1000, Duration::ms(50));
  for (std::size_t k = 100; k < 107; ++k) fates[k] = never;  // 140 ms
  for (std::size_t k = 200; k < 208; ++k) fates[k] = never;  // 160 ms
  for (std::size_t k = 495; k < 515; ++k)
    fates[k] = never;  // 400 ms, over the border of the windows
  const StreamReport report = run(fixedConfig(), fates);
  CHECK(report.totals.interruptions == 2);
  CHECK(report.totals.longestInterruption == Duration::ms(400));
  CHECK(report.totals.concealmentRuns == 3);
  REQUIRE(report.windows.size() == 2);
  const PeriodStats& first = report.windows[0].stats;
  const PeriodStats& second = report.windows[1].stats;
  CHECK(first.interruptions == 2);
  // The last run is heard from 9990 ms on, 90 ms after the first of it was sent.
  CHECK(first.longestInterruption == Duration::ms(160));
  CHECK(first.interruptionDuration == Duration::ms(160 + 10));
  CHECK(first.concealed == Duration::ms(140 + 160 + 10));
  CHECK(first.lost == 20);  // 7 + 8 + 5
  CHECK(first.concealmentRuns == 3);
  CHECK(second.interruptions == 0);
  CHECK(second.lost == 15);
  CHECK(second.concealmentRuns == 1);  // its part of the run that began before it
  CHECK(second.concealed == Duration::ms(390));
  CHECK(second.longestInterruption == Duration::ms(390));
  CHECK(second.interruptionDuration == Duration::ms(390));
}

TEST_CASE("A window holds the packets sent in it, whenever they come") {
  auto fates = constant(1000, Duration::ms(50));
  fates[499] = Duration::ms(3000);  // sent at the end of the first window
  const StreamReport report = run(fixedConfig(), fates);
  REQUIRE(report.windows.size() == 2);
  CHECK(report.windows[0].stats.received == 500);
  CHECK(report.windows[0].stats.discarded == 1);
  CHECK(report.windows[0].stats.delayMax == near(3.0));
  CHECK(report.windows[1].stats.received == 500);
  CHECK(report.windows[1].stats.delayMax == near(0.05));
  CHECK(report.windows[1].start == Duration::s(10));
}

TEST_CASE("A last window of less than half its length does not stand alone") {
  auto fates = constant(740, Duration::ms(50));
  fates[730] = never;
  const StreamReport shortLast = run(fixedConfig(), fates);  // 10 s and 4.8 s
  CHECK(shortLast.windows.size() == 1);
  CHECK(shortLast.totals.sent == 740);
  CHECK(shortLast.totals.lost == 1);
  CHECK(shortLast.totals.score.mos < shortLast.windows[0].stats.score.mos);
  CHECK(run(fixedConfig(), constant(750, Duration::ms(50))).windows.size() == 2);
  CHECK(run(fixedConfig(), constant(3, Duration::ms(50))).windows.size() == 1);
}

TEST_CASE("What is missing before the first frame that comes is missing") {
  auto fates = constant(100, Duration::ms(50));
  for (std::size_t k = 0; k < 10; ++k) fates[k] = never;
  const PeriodStats all = run(fixedConfig(), fates).totals;
  CHECK(all.lost == 10);
  CHECK(all.played == 90);
  CHECK(all.concealedRatio == near(0.1));
  CHECK(all.concealmentRuns == 1);
  CHECK(all.interruptions == 1);
}

TEST_CASE("Nothing comes at all") {
  for (const MeterConfig& config : {fixedConfig(), adaptiveConfig()}) {
    const StreamReport lost = run(config, constant(600, never));
    CHECK(lost.totals.lost == 600);
    CHECK(lost.totals.concealedRatio == 1);
    CHECK(lost.totals.longestInterruption == Duration::s(12));
    CHECK(lost.totals.interruptions == 1);
    CHECK(lost.totals.score.mos == 1);
    CHECK(lost.totals.score.r == 0);
    CHECK(lost.totals.score.outOfRange.has(quality::RangeFlag::loss));
    CHECK(std::isnan(lost.totals.delayMean));
    CHECK(std::isnan(lost.totals.mouthToEar));
    CHECK(lost.totalDelay == Duration{});

    // On its way for ever: no packet is lost, and nothing is heard all the same.
    const StreamReport waiting = run(config, constant(600, stuck), ms(14'000));
    CHECK(waiting.totals.inFlight == 600);
    CHECK(waiting.totals.lost == 0);
    CHECK(waiting.totals.concealed == Duration::s(12));
    CHECK(waiting.totals.longestInterruption == Duration::s(12));
    CHECK(waiting.totals.score.mos == 1);
    CHECK(waiting.windows[0].stats.score.mos == 1);
    // Sent 2 to 14 s before the end: whatever their delay will be, it is beyond 50 ms.
    CHECK(quality::at(waiting.targets, quality::Target::oneWayDelay).windows == 0);  // 12 of 15 s
    const StreamReport longer = run(config, constant(1500, stuck), ms(32'000));
    CHECK(quality::at(longer.targets, quality::Target::oneWayDelay).windows == 76);
    CHECK(quality::at(longer.targets, quality::Target::oneWayDelay).missed == 76);
    CHECK(quality::at(longer.targets, quality::Target::loss).windows == 0);

    StreamMeter unused{config};
    const StreamReport nothing = unused.finish();
    CHECK(nothing.totals.sent == 0);
    CHECK(nothing.windows.empty());
    CHECK(std::isnan(nothing.totals.score.r));
  }
}

TEST_CASE("A wait that ends is charged to the windows in which nothing was heard") {
  // Frames 900 to 1649, sent from 18 to 33 s, come together at 33.05 s, as over TCP. Of a buffer of
  // 40 ms, frame 899 sounds until 18 090 ms, and the wait takes the places of the next 748 frames:
  // frame 1648's is over at 33.07 s. 1648's own place begins at 33.05 s, when it is there.
  auto fates = constant(2500, Duration::ms(50));
  for (std::int64_t k = 900; k < 1650; ++k) {
    fates[static_cast<std::size_t>(k)] = Duration::ms(33'050) - frame * k;
  }
  const StreamReport report = run(fixedConfig(), fates);
  CHECK(report.totals.discarded == 748);
  CHECK(report.totals.concealed == frame * 748);
  REQUIRE(report.windows.size() == 5);
  const auto window = [&](std::size_t i) { return report.windows[i].stats; };
  CHECK(window(0).concealed == Duration{});
  CHECK(window(1).concealed == Duration::ms(20'000 - 18'090));
  CHECK(window(2).concealed == Duration::s(10));
  CHECK(window(2).played == 0);
  CHECK(window(2).concealedRatio == 1);
  CHECK(window(2).score.mos == 1);
  CHECK(window(2).longestInterruption == Duration::s(10));
  CHECK(window(3).concealed == Duration::ms(33'050 - 30'000));
  CHECK(window(4).concealed == Duration{});
  // Begun once, heard in three windows.
  CHECK(window(1).interruptions == 1);
  CHECK(window(2).interruptions + window(3).interruptions == 0);
  CHECK(report.totals.longestInterruption == frame * 748);
  // All that was sent was received, in time or not.
  for (std::size_t i = 0; i < 5; ++i) CHECK(window(i).received == 500);
  CHECK(report.totals.burstDuration == near((frame * 748).seconds()));
}

TEST_CASE("Frames on their way when the simulation ends are neither concealed nor a gap") {
  // A narrow line: each frame takes 25 ms where one is sent every 20, so the delay grows without
  // bound; the last is thrown away, as a full socket does. What is heard of it until 62 s is the
  // same however long the simulation goes on.
  auto fates = constant(3000, {});
  for (std::int64_t k = 0; k < 3000; ++k) {
    fates[static_cast<std::size_t>(k)] = Duration::ms(50 + 5 * k);
  }
  fates[2999] = never;
  for (MeterConfig config : {neteqConfig(), adaptiveConfig()}) {
    const StreamReport cut = run(config, fates, ms(62'000));
    // Frame k is there at 50 + 25 k ms: up to frame 2478, and 520 more are still on their way.
    CHECK(cut.totals.inFlight == 520);
    CHECK(cut.totals.lost == 1);
    const StreamReport whole = run(config, fates);
    CHECK(whole.totals.inFlight == 0);
    CHECK(cut.totals.longestInterruption <= whole.totals.longestInterruption);
    CHECK(whole.totals.longestInterruption < Duration::ms(200));
    for (std::size_t i = 0; i < 5; ++i) {
      CHECK(cut.windows[i].stats.concealed == whole.windows[i].stats.concealed);
      CHECK(cut.windows[i].stats.score.mos == whole.windows[i].stats.score.mos);
    }
  }
}
