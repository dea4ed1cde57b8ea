// Which packets are part of which probe: what libwebrtc's tests expect
// (modules/pacing/bitrate_prober_unittest.cc of 2026).
#include <catch2/catch.hpp>

#include "models/pacing/prober.h"

using namespace callflow;
using namespace callflow::pacing;
using congestion::Probe;

namespace {

TimePoint ms(std::int64_t value) {
  return TimePoint::at(Duration::ms(value));
}

Probe probe(int cluster, std::int64_t kbps, TimePoint asked = {}) {
  const DataRate rate = DataRate::kbps(kbps);
  return {cluster, rate, dataIn(rate, Duration::ms(15)), 5, Duration::ms(2), asked};
}

}  // namespace

TEST_CASE("VerifyStatesAndTimeBetweenProbes") {
  Prober prober;
  prober.add(probe(0, 900));
  prober.add(probe(1, 1800));
  CHECK_FALSE(prober.active());
  prober.onQueued(DataSize::bytes(1000), ms(0));
  REQUIRE(prober.active());
  CHECK(prober.nextTime() == ms(0));
  TimePoint now;
  for (const std::int64_t kbps : {900, 1800}) {
    const TimePoint begun = prober.nextTime();
    for (int i = 0; i < 5; ++i) {
      now = prober.nextTime();
      // 1000 bytes each
      CHECK(now - begun == transmissionTime(DataSize::bytes(1000 * i), DataRate::kbps(kbps)));
      const auto burst = prober.burst(now);
      REQUIRE(burst);
      CHECK(burst->cluster == (kbps == 900 ? 0 : 1));
      CHECK(burst->first == (i == 0));
      CHECK(burst->size == dataIn(DataRate::kbps(kbps), Duration::ms(2)));
      prober.onSent(DataSize::bytes(1000), now);
    }
    CHECK(now - begun >= Duration::ms(15));
  }
  CHECK_FALSE(prober.active());
  CHECK_FALSE(prober.burst(now));
}

TEST_CASE("DiscardsDelayedProbes: by more than 10 ms") {
  Prober prober;
  prober.add(probe(0, 900));
  prober.onQueued(DataSize::bytes(1000), ms(0));
  CHECK(prober.burst(ms(60)));  // not before it has begun
  prober.onSent(DataSize::bytes(1000), ms(60));
  const TimePoint due = prober.nextTime();
  const bool tooLate = GENERATE(false, true);
  CHECK(prober.burst(due + Duration::ms(10) + Duration::ns(tooLate ? 1 : 0)).has_value() !=
        tooLate);
  CHECK(prober.active() != tooLate);
}

TEST_CASE("LimitsNumberOfPendingProbeClusters, ProbeClusterTimeout") {
  Prober prober;
  SECTION("of eleven the last six are left") {
    for (int i = 0; i < 11; ++i) {
      prober.add(probe(i, 900));
      prober.onQueued(DataSize::bytes(1000), ms(0));
    }
    CHECK(prober.burst(ms(0))->cluster == 5);
    TimePoint now;
    int sent = 0;
    while (prober.active()) {
      now = prober.nextTime();
      prober.onSent(DataSize::bytes(1000), now);
      ++sent;
    }
    CHECK(sent == 6 * 5);
  }
  SECTION("of which the first is too old") {
    // 20 bytes begin a probe of 30 kbit/s: 7 bytes in 2 ms; not of 300: 75.
    prober.add(probe(0, 300));
    prober.onQueued(DataSize::bytes(20), ms(0));
    CHECK_FALSE(prober.active());
    prober.add(probe(1, 30, ms(5000)));
    prober.onQueued(DataSize::bytes(20), ms(5000));
    CHECK_FALSE(prober.active());
    prober.add(probe(2, 30, ms(5001)));
    prober.onQueued(DataSize::bytes(20), ms(5001));
    CHECK(prober.active());
    CHECK(prober.burst(ms(5001))->cluster == 1);
  }
}

TEST_CASE("DoesntInitializeProbingForSmallPackets") {
  Prober prober;
  prober.add(probe(0, 1000));
  prober.onQueued(DataSize::bytes(199), ms(0));
  CHECK_FALSE(prober.active());
  prober.onQueued(DataSize::bytes(200), ms(0));
  CHECK(prober.active());
}
