// When libwebrtc probes and what it makes of probes, whether the application is limited, and how
// encoders hold back: what libwebrtc's own tests expect (goog_cc/*_unittest.cc of 2026).
#include <catch2/catch.hpp>
#include <optional>
#include <vector>

#include "models/gcc/alr.h"
#include "models/gcc/interval_budget.h"
#include "models/gcc/probe_controller.h"
#include "models/gcc/probe_estimate.h"
#include "models/gcc/pushback.h"

using namespace callflow;
using namespace callflow::gcc;
using congestion::Probe;

namespace {

TimePoint ms(std::int64_t value) {
  return TimePoint::at(Duration::ms(value));
}

// Probes of which some have come.
class Probed {
 public:
  Probed(int packets, std::int64_t size) {
    for (int cluster = 0; cluster < 2; ++cluster) {
      estimate.expect(
          {cluster, DataRate::kbps(1), DataSize::bytes(size), packets, Duration::ms(2), ms(0)});
    }
  }

  std::optional<DataRate> came(int cluster, std::int64_t size, std::int64_t sent,
                               std::int64_t received) {
    congestion::PacketResult result;
    result.packet.cluster = cluster;
    result.packet.size = DataSize::bytes(size);
    result.packet.sent = ms(sent);
    result.received = ms(received);
    return estimate.onPacket(result);
  }

  ProbeEstimate estimate;
};

// libwebrtc's tests: 5 packets and 5000 bytes.
Probed usual() {
  return Probed(5, 5000);
}

std::vector<DataRate> rates(ProbeController& controller) {
  std::vector<DataRate> all;
  for (const Probe& probe : controller.take()) all.push_back(probe.rate);
  return all;
}

std::vector<DataRate> kbps(std::initializer_list<std::int64_t> values) {
  std::vector<DataRate> all;
  for (const std::int64_t value : values) all.push_back(DataRate::kbps(value));
  return all;
}

// From 300 kbit/s, with its first probes over and an estimate.
ProbeController begun(std::int64_t most, std::int64_t estimate, TimePoint now) {
  ProbeController controller;
  controller.begin(DataRate::kbps(300), DataRate::kbps(most), ms(0));
  controller.process(ms(5000));
  controller.onEstimate(DataRate::kbps(estimate), Limit::delay, now);
  controller.take();
  return controller;
}

void hear(Pushback& pushback, Duration roundTrip, DataRate target) {
  pushback.onFeedback(roundTrip);
  pushback.setTarget(target);
}

}  // namespace

TEST_CASE("OneCluster: 1000 bytes every 10 ms are 800 kbit/s, once four have come") {
  Probed probed = usual();
  CHECK_FALSE(probed.came(0, 1000, 0, 10));
  CHECK_FALSE(probed.came(0, 1000, 10, 20));
  CHECK_FALSE(probed.came(0, 1000, 20, 30));
  CHECK(probed.came(0, 1000, 30, 40) == DataRate::kbps(800));
  CHECK(probed.estimate.take() == DataRate::kbps(800));
  CHECK_FALSE(probed.estimate.take());
}

TEST_CASE("OneClusterTooFewProbes, OneClusterTooFewBytes") {
  Probed few = usual();
  Probed small(5, 6000);
  for (int i = 0; i < 3; ++i) CHECK_FALSE(few.came(0, 2000, 10 * i, 10 * i + 10));
  for (int i = 0; i < 5; ++i) CHECK_FALSE(small.came(0, 800, 10 * i, 10 * i + 10));
}

TEST_CASE("SmallCluster and LargeCluster") {
  Probed small(5, 1000);
  std::optional<DataRate> rate;
  for (int i = 0; i < 6; ++i) rate = small.came(0, 150, 10 * i, 10 * i + 10);
  CHECK(rate == DataRate::kbps(120));
  Probed large(30, 312'500);
  for (int i = 0; i < 25; ++i) rate = large.came(0, 12'500, i, i + 5);
  CHECK(rate == DataRate::mbps(100));
}

TEST_CASE("A probe comes faster or slower than it was sent") {
  Probed probed = usual();
  const auto feed = [&](std::vector<std::int64_t> sent, std::vector<std::int64_t> received) {
    std::optional<DataRate> rate;
    for (std::size_t i = 0; i < sent.size(); ++i) rate = probed.came(0, 1000, sent[i], received[i]);
    return rate;
  };
  SECTION("FastReceive") {
    CHECK(feed({0, 10, 20, 30}, {15, 30, 35, 40}) == DataRate::kbps(800));
  }
  SECTION("TooFastReceive") {
    CHECK_FALSE(feed({0, 10, 20, 40}, {19, 22, 25, 27}));
  }
  SECTION("SlowReceive: 0.95 x 320") {
    CHECK(feed({0, 10, 20, 30}, {10, 40, 70, 85}) == DataRate::kbps(304));
  }
  SECTION("BurstReceive") {
    CHECK_FALSE(feed({0, 10, 20, 40}, {50, 50, 50, 50}));
  }
  SECTION("for longer than a second") {
    CHECK_FALSE(feed({0, 10, 20, 30}, {10, 40, 70, 1011}));
  }
}

TEST_CASE("MultipleClusters, and IgnoreOldClusters") {
  Probed probed = usual();
  probed.came(0, 1000, 0, 10);
  probed.came(0, 1000, 10, 20);
  probed.came(0, 1000, 20, 30);
  CHECK(probed.came(0, 1000, 40, 60) == DataRate::kbps(456));  // 0.95 x 480
  CHECK(probed.came(0, 1000, 50, 60) == DataRate::kbps(640));
  probed.came(1, 1000, 60, 70);
  probed.came(1, 1000, 65, 77);
  probed.came(1, 1000, 70, 84);
  CHECK(probed.came(1, 1000, 75, 90) == DataRate::kbps(1140));  // 0.95 x 1200
  CHECK_FALSE(probed.came(0, 1000, 6040, 6060));
}

TEST_CASE("IgnoreSizeLastSendPacket, IgnoreSizeFirstReceivePacket") {
  Probed last = usual();
  std::optional<DataRate> rate;
  for (int i = 0; i < 5; ++i) rate = last.came(0, i == 4 ? 1500 : 1000, 10 * i, 10 * i + 10);
  CHECK(rate == DataRate::kbps(800));
  Probed first = usual();
  for (int i = 0; i < 4; ++i) rate = first.came(0, i == 0 ? 1500 : 1000, 10 * i, 10 * i + 10);
  CHECK(rate == DataRate::kbps(760));  // sent at 933
}

TEST_CASE("Probes begin at three and six times the start rate") {
  ProbeController controller;
  controller.begin(DataRate::kbps(300), DataRate::unlimited(), ms(100));
  const std::vector<Probe> probes = controller.take();
  REQUIRE(probes.size() == 2);
  CHECK(probes[0].rate == DataRate::kbps(900));
  CHECK(probes[1].rate == DataRate::kbps(1800));
  CHECK(probes[0].cluster == 0);
  CHECK(probes[1].cluster == 1);
  // 15 ms: 900 x 15 / 8 = 1687.5
  CHECK(probes[0].size == DataSize::bytes(1687));
  CHECK(probes[1].size == DataSize::bytes(3375));
  CHECK(probes[0].packets == 5);
  CHECK(probes[0].spacing == Duration::ms(2));
  CHECK(probes[0].asked == ms(100));
  CHECK(controller.take().empty());

  // Above 0.7 x 1800 = 1260 it goes on, to the 5 Mbit/s where nothing else is said.
  controller.onEstimate(DataRate::kbps(1260), Limit::delay, ms(200));
  CHECK(controller.take().empty());
  controller.onEstimate(DataRate::kbps(1800), Limit::delay, ms(300));
  CHECK(rates(controller) == kbps({3600}));
  controller.onEstimate(DataRate::kbps(3600), Limit::delay, ms(400));
  CHECK(rates(controller) == kbps({5000}));
  controller.onEstimate(DataRate::kbps(5000), Limit::delay, ms(500));
  CHECK(controller.take().empty());
}

TEST_CASE("From 60 kbit/s with 300 at most, and anew on another path") {
  ProbeController controller;
  controller.begin(DataRate::kbps(60), DataRate::kbps(300), ms(0));
  CHECK(rates(controller) == kbps({180, 300}));
  controller.reset(ms(1000));
  controller.begin(DataRate::kbps(120), DataRate::mbps(2), ms(1000));
  CHECK(rates(controller) == kbps({360, 720}));
}

TEST_CASE("InitialProbingToLowMaxAllocatedbitrate: at most twice what can be used") {
  ProbeController controller;
  controller.begin(DataRate::kbps(300), DataRate::mbps(5), ms(0));
  controller.take();
  controller.setAllocation(DataRate::kbps(300), ms(10));
  CHECK(controller.take().empty());
  controller.onEstimate(DataRate::kbps(1800), Limit::delay, ms(20));
  CHECK(rates(controller) == kbps({600}));
}

TEST_CASE("InitialProbingTimeout: a result that comes after a second does not count") {
  ProbeController controller;
  controller.begin(DataRate::kbps(300), DataRate::mbps(5), ms(0));
  controller.take();
  const bool late = GENERATE(false, true);
  controller.process(ms(late ? 1001 : 1000));
  controller.onEstimate(DataRate::kbps(1800), Limit::delay, ms(1002));
  CHECK(rates(controller) == (late ? kbps({}) : kbps({3600})));
}

TEST_CASE("InitiatesProbingOnMaxBitrateIncrease") {
  ProbeController controller = begun(5000, 300, ms(5000));
  controller.setMost(DataRate::kbps(5100), ms(5000));
  CHECK(rates(controller) == kbps({5100}));
  controller.setMost(DataRate::kbps(5000), ms(5001));
  CHECK(controller.take().empty());
  controller.onEstimate(DataRate::kbps(6000), Limit::delay, ms(5002));
  controller.setMost(DataRate::kbps(6000), ms(5003));
  CHECK(controller.take().empty());
}

TEST_CASE("More can be used: probed while the application is limited") {
  SECTION("ProbesOnMaxAllocatedBitrateIncreaseOnlyWhenInAlr") {
    ProbeController controller = begun(5000, 4999, ms(5000));
    controller.setLimitedSince(ms(5000));
    controller.setAllocation(DataRate::kbps(5001), ms(5000));
    CHECK(rates(controller) == kbps({5000, 5000}));
    controller.setLimitedSince(std::nullopt);
    controller.setAllocation(DataRate::kbps(5002), ms(5000));
    CHECK(controller.take().empty());
  }
  SECTION("ProbesOnMaxAllocatedBitrateLimitedByCurrentBwe") {
    ProbeController controller = begun(5000, 300, ms(5000));
    controller.setLimitedSince(ms(5000));
    controller.setAllocation(DataRate::kbps(5000), ms(5000));
    CHECK(rates(controller) == kbps({600}));
    // Above 0.7 x 600: it goes on.
    controller.onEstimate(DataRate::kbps(450), Limit::delay, ms(5100));
    CHECK(rates(controller) == kbps({900}));
  }
  SECTION("once and twice, and no further") {
    ProbeController controller = begun(5000, 900, ms(5000));
    controller.setLimitedSince(ms(5000));
    controller.setAllocation(DataRate::kbps(1000), ms(5000));
    // Twice 1000 is beyond twice 900.
    CHECK(rates(controller) == kbps({1000, 1800}));
    controller.onEstimate(DataRate::kbps(1300), Limit::delay, ms(5100));
    CHECK(rates(controller) == kbps({2000}));  // and not 2600: twice what can be used
  }
}

TEST_CASE("After a great fall 85 % of what was there before is probed") {
  const auto fall = [](ProbeController& controller) {
    controller.setLimitedSince(ms(5000));
    controller.onEstimate(DataRate::kbps(250), Limit::delay, ms(5000));
  };
  ProbeController controller = begun(5000, 500, ms(5000));
  SECTION("RequestProbeInAlr, once in five seconds") {
    fall(controller);
    controller.onRecovered(ms(5100));
    CHECK(rates(controller) == kbps({425}));
    controller.onEstimate(DataRate::kbps(500), Limit::delay, ms(5200));
    controller.onEstimate(DataRate::kbps(250), Limit::delay, ms(10'000));
    controller.onRecovered(ms(10'100));
    CHECK(controller.take().empty());
    controller.onRecovered(ms(10'101));
    CHECK(rates(controller) == kbps({425}));
  }
  SECTION("RequestProbeWhenAlrEndedRecently, RequestProbeWhenAlrNotEndedRecently") {
    fall(controller);
    controller.setLimitedSince(std::nullopt);
    controller.onLimitEnded(ms(5000));
    controller.onRecovered(ms(8000));
    CHECK(controller.take().empty());
    controller.onRecovered(ms(7999));
    CHECK(rates(controller) == kbps({425}));
  }
  SECTION("RequestProbeWhenBweDropNotRecent") {
    fall(controller);
    controller.onRecovered(ms(10'000));
    CHECK(controller.take().empty());
  }
  SECTION("a fall to 0.66 is not great, and what has come back needs no probe") {
    controller.setLimitedSince(ms(5000));
    controller.onEstimate(DataRate::kbps(330), Limit::delay, ms(5000));
    controller.onRecovered(ms(5100));
    CHECK(controller.take().empty());
    controller.onEstimate(DataRate::kbps(200), Limit::delay, ms(5200));
    controller.onEstimate(DataRate::kbps(300), Limit::delay, ms(5300));
    controller.onRecovered(ms(5400));  // 0.95 x 0.85 x 330 is 266
    CHECK(controller.take().empty());
  }
}

TEST_CASE("PeriodicProbing: every five seconds at twice the estimate, if it is on") {
  ProbeController controller = begun(5000, 500, ms(5000));
  controller.setPeriodic(true);
  controller.setLimitedSince(ms(5000));
  controller.process(ms(9999));
  CHECK(controller.take().empty());
  controller.process(ms(10'000));
  CHECK(rates(controller) == kbps({1000}));
  controller.process(ms(14'999));
  CHECK(controller.take().empty());
  controller.process(ms(15'000));
  CHECK(rates(controller) == kbps({1000}));
  controller.process(ms(17'000));
  controller.setPeriodic(false);
  controller.process(ms(25'000));
  CHECK(controller.take().empty());
}

TEST_CASE("What limits the estimate limits probes") {
  ProbeController controller = begun(5000, 500, ms(5000));
  controller.setPeriodic(true);
  controller.setLimitedSince(ms(5000));
  struct Row {
    Limit limit;
    std::vector<DataRate> probes;
  };
  const Row row =
      GENERATE(Row{Limit::delay, kbps({1000})}, Row{Limit::lossIncreasing, kbps({750})},
               Row{Limit::loss, {}}, Row{Limit::delayIncreased, {}}, Row{Limit::highRoundTrip, {}});
  controller.onEstimate(DataRate::kbps(500), row.limit, ms(5000));
  controller.process(ms(10'000));
  CHECK(rates(controller) == row.probes);
}

TEST_CASE("Half a second's worth of a rate") {
  IntervalBudget budget;
  CHECK(budget.level() == 0);
  budget.setRate(DataRate::kbps(80));  // 5000 bytes
  budget.refill(Duration::ms(100));
  CHECK(budget.level() == Approx(0.2));
  budget.refill(Duration::s(10));
  CHECK(budget.level() == 1);
  budget.use(DataSize::bytes(2500));
  CHECK(budget.level() == Approx(0.5));
  budget.use(DataSize::bytes(100'000));
  CHECK(budget.level() == -1);
  // Another rate, other bounds: -5000 bytes are beyond -2500.
  budget.setRate(DataRate::kbps(40));
  CHECK(budget.level() == -1);
}

TEST_CASE("The application is limited as long as it sends much less than it might") {
  AlrDetector detector;
  constexpr DataRate kEstimate = DataRate::kbps(300);
  detector.setEstimate(kEstimate);
  TimePoint now = ms(1000);
  const auto send = [&](Duration time, std::int64_t percent) {
    const DataSize each =
        DataSize::bytes(dataIn(kEstimate, Duration::ms(10)).count() * percent / 100);
    const TimePoint end = now + time;
    while (now < end) {
      now += Duration::ms(10);
      detector.onSent(each, now);
    }
    return detector.since().has_value();
  };
  SECTION("AlrDetection") {
    CHECK_FALSE(send(Duration::s(1), 90));
    // From -1 at 45 % of the estimate, of half a second of 65 %: 0.8 after 1.3 s.
    CHECK(send(Duration::ms(1500), 20));
    CHECK_FALSE(send(Duration::s(4), 100));
  }
  SECTION("ShortSpike") {
    CHECK(send(Duration::s(1), 20));
    CHECK(send(Duration::ms(100), 150));
    CHECK_FALSE(send(Duration::s(3), 100));
  }
  SECTION("BandwidthEstimateChanges") {
    CHECK(send(Duration::s(1), 20));
    detector.setEstimate(DataRate::kbps(60));
    CHECK(detector.since());
    CHECK_FALSE(send(Duration::s(1), 50));
  }
  SECTION("since when") {
    // 0.45 of the estimate: 0.8 x 0.325 s of it are passed at the 58th time of 10 ms, and the
    // first packet of all only begins.
    send(Duration::ms(580), 20);
    CHECK_FALSE(detector.since());
    send(Duration::ms(10), 20);
    CHECK(detector.since() == now);
  }
}

TEST_CASE("The window is what the target carries in the shortest round trip and 350 ms") {
  Pushback pushback;
  CHECK_FALSE(pushback.window());
  hear(pushback, Duration::ms(50), DataRate::mbps(1));
  CHECK(pushback.window() == DataSize::bytes(50'000));
  // The mean of it and of the last: (50000 + 1 Mbit/s x 400 ms) / 2, as 50 ms is the shortest.
  hear(pushback, Duration::ms(500), DataRate::mbps(2));
  CHECK(pushback.window() == DataSize::bytes(75'000));
  // Until it is one of 32 no longer: 31 more of 650 ms.
  for (int i = 0; i < 30; ++i) hear(pushback, Duration::ms(650), DataRate::mbps(1));
  CHECK(pushback.window()->count() == Approx(50'000).margin(2));
  hear(pushback, Duration::ms(650), DataRate::mbps(1));
  // 500 ms is the shortest now: 106250.
  CHECK(pushback.window()->count() == Approx((50'000 + 106'250) / 2).margin(2));
  for (int i = 0; i < 100; ++i) hear(pushback, Duration::ms(50), DataRate::kbps(5));
  CHECK(pushback.window() == DataSize::bytes(3000));
}

TEST_CASE("Encoders hold back while too much is in flight") {
  Pushback pushback;
  pushback.setInFlight(DataSize::bytes(100'000'000));
  CHECK(pushback.reduced(DataRate::kbps(80)) == DataRate::kbps(80));  // no window yet
  hear(pushback, Duration::ms(50), DataRate::mbps(1));
  REQUIRE(pushback.window() == DataSize::bytes(50'000));
  SECTION("FullCongestionWindow") {
    pushback.setInFlight(DataSize::bytes(100'000));
    CHECK(pushback.reduced(DataRate::bitsPerSecond(80'000)).count() == 72'000);
    CHECK(pushback.reduced(DataRate::bitsPerSecond(72'000)).count() == 58'320);
  }
  SECTION("NormalCongestionWindow") {
    pushback.setInFlight(DataSize::bytes(49'999));
    CHECK(pushback.reduced(DataRate::kbps(80)) == DataRate::kbps(80));
  }
  SECTION("LowBitrate") {
    pushback.setInFlight(DataSize::bytes(100'000));
    CHECK(pushback.reduced(DataRate::bitsPerSecond(35'000)).count() == 31'500);
    CHECK(pushback.reduced(DataRate::bitsPerSecond(31'500)).count() == 30'000);
    CHECK(pushback.reduced(DataRate::bitsPerSecond(20'000)).count() == 20'000);
  }
  SECTION("by 5 % a little above it, back by 5 %, and at once if next to nothing is left") {
    pushback.setInFlight(DataSize::bytes(60'000));
    CHECK(pushback.share(DataRate::kbps(1000)) == Approx(0.95));
    CHECK(pushback.share(DataRate::kbps(1000)) == Approx(0.9025));
    pushback.setInFlight(DataSize::bytes(40'000));
    CHECK(pushback.share(DataRate::kbps(1000)) == Approx(0.947625));
    pushback.setInFlight(DataSize::bytes(4'999));
    CHECK(pushback.share(DataRate::kbps(1000)) == 1);
  }
}
