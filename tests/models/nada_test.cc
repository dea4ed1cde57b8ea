// NADA: single steps against sums by hand, with the constants of RFC 8698 figure 3, and a link.
#include <catch2/catch.hpp>

#include "models/nada/controller.h"
#include "models/nada/loss_intervals.h"
#include "models/nada/observer.h"
#include "tests/models/controlled_link.h"

namespace callflow::nada {
namespace {

using congestion::Feedback;

TimePoint ms(std::int64_t value) {
  return TimePoint::at(Duration::ms(value));
}

// Makes feedback of packets of 1000 bytes that follow each other.
class Packets {
 public:
  explicit Packets(Duration spacing) : spacing_(spacing) {}

  Packets& arrived(int count, std::int64_t delayMs) {
    for (int i = 0; i < count; ++i) {
      const TimePoint sent = next();
      feedback_.packets.back().received = sent + Duration::ms(delayMs);
    }
    return *this;
  }
  Packets& lost(int count) {
    for (int i = 0; i < count; ++i) next();
    return *this;
  }
  Feedback fed(std::int64_t atMs) {
    Feedback out = std::move(feedback_);
    feedback_ = {};
    out.at = ms(atMs);
    return out;
  }

 private:
  TimePoint next() {
    const TimePoint sent = TimePoint::at(spacing_ * sequence_);
    feedback_.packets.push_back(
        {{sequence_++, sent, DataSize::bytes(1000), congestion::kNoCluster, false},
         TimePoint::max()});
    return sent;
  }

  Duration spacing_;
  std::int64_t sequence_ = 0;
  Feedback feedback_;
};

Approx about(double value) {
  return Approx(value).margin(1.0).epsilon(0);
}
std::int64_t target(const Controller& controller) {
  return controller.targets().target.count();
}

// 26 packets in 500 ms without a queue, of which 25 are in the window of 500 ms: 400 kbit/s come.
Feedback freePath(Packets& packets, std::int64_t atMs = 600) {
  return packets.arrived(26, 50).fed(atMs);
}

TEST_CASE("NADA starts at the least and grows by what its round trip lets it risk") {
  Controller controller;
  CHECK(target(controller) == 150'000);
  Packets packets{Duration::ms(20)};
  SECTION("50 ms in 100 + 100 + 120 ms: 15.625 %") {
    controller.onFeedback(freePath(packets, 600));  // the last was sent at 500 ms
    CHECK(target(controller) == 462'500);
    CHECK(controller.targets().roundTrip == Duration::ms(100));
  }
  SECTION("50 ms in 0 + 100 + 120 ms: 22.727 %") {
    controller.onFeedback(freePath(packets, 500));
    CHECK(target(controller) == 490'909);
  }
  SECTION("never by more than GAMMA_MAX") {
    Parameters parameters;
    parameters.selfInflicted = Duration::ms(500);
    Controller daring{parameters};
    daring.onFeedback(freePath(packets));
    CHECK(target(daring) == 600'000);
  }
  SECTION("what it has it keeps while there is no queue") {
    controller.onFeedback(freePath(packets));
    controller.onFeedback(packets.arrived(1, 50).fed(2000));
    CHECK(target(controller) == 462'500);
  }
  CHECK(controller.takeProbes().empty());
}

TEST_CASE("NADA's gradual steps") {
  Controller controller;
  Packets packets{Duration::ms(20)};
  controller.onFeedback(freePath(packets));

  // 30 ms of queue, of 10 * 1500 / 462.5 = 32.4324 ms: offset -2.4324, change 30.
  // 462500 (1 - 0.5 (100/500)(-2.4324/500) - 0.5 * 2 * 30/500) = 462500 * 0.9404865.
  controller.onFeedback(packets.arrived(15, 80).fed(700));
  CHECK(target(controller) == about(434'975));

  // The same queue 100 ms later: of 34.4847 ms, offset -4.4847, no change.
  controller.onFeedback(packets.arrived(15, 80).fed(800));
  CHECK(target(controller) == about(435'365));

  // After 200 ms 70 ms of queue, of 34.4538: 435365 (1 - 0.2 * 35.5462/500 - 40/500).
  controller.onFeedback(packets.arrived(15, 120).fed(1000));
  CHECK(target(controller) == about(394'346));
}

TEST_CASE("NADA takes the least of the last 15 delays") {
  Packets packets{Duration::ms(20)};
  Observer observer{Parameters{}};
  observer.add(packets.arrived(5, 50).arrived(14, 80).fed(0));
  CHECK(observer.queueing() == Duration{});
  CHECK_FALSE(observer.idle());
  observer.add(packets.arrived(1, 80).fed(0));
  CHECK(observer.queueing() == Duration::ms(30));
  CHECK(observer.congestion() == Duration::ms(30));
}

TEST_CASE("NADA sees no queue below 10 ms, and forgets after 500 ms") {
  Packets packets{Duration::ms(20)};
  Observer observer{Parameters{}};
  observer.add(packets.arrived(30, 50).arrived(1, 59).fed(0));
  CHECK(observer.idle());
  observer.add(packets.arrived(1, 60).fed(0));  // sent at 620 ms, there at 680
  CHECK_FALSE(observer.idle());
  observer.add(packets.arrived(25, 50).fed(0));  // the last is there at 1170 ms
  CHECK_FALSE(observer.idle());
  observer.add(packets.arrived(1, 50).fed(0));
  CHECK(observer.idle());
}

TEST_CASE("NADA's signal of loss and of warped delay") {
  Packets packets{Duration::ms(5)};
  Observer observer{Parameters{}};
  // One of 100 lost: smoothed 0.001, and 10 ms (0.001 / 0.01)^2.
  observer.add(packets.arrived(50, 50).lost(1).arrived(49, 50).fed(0));
  CHECK(observer.loss() == Approx(0.001));
  CHECK_FALSE(observer.idle());
  CHECK(observer.congestion().milliseconds() == Approx(0.1));

  SECTION("while the loss is remembered, 100 ms of queue count as 50 exp(-0.5)") {
    // Of 80 in the window one is lost: 0.001 + 0.1 (1/80 - 0.001) = 0.00215, 0.46225 ms.
    observer.add(packets.arrived(20, 150).fed(0));
    CHECK(observer.congestion().milliseconds() == Approx(30.326533 + 0.46225).margin(1e-5));
  }
  SECTION("half-way back after seven and a half intervals of 50 packets") {
    // Smoothed loss 0.0009: 0.081 ms.
    observer.add(packets.arrived(326, 150).fed(0));
    CHECK(observer.congestion().milliseconds() == Approx(65.163266 + 0.081).margin(1e-5));
  }
  SECTION("all the way after eight") {
    observer.add(packets.arrived(351, 150).fed(0));
    CHECK(observer.congestion().milliseconds() == Approx(100.081).margin(1e-5));
  }
  SECTION("no more than 500 ms") {
    observer.add(packets.lost(200).arrived(1, 50).fed(0));
    CHECK(observer.congestion() == Duration::ms(500));
  }
}

TEST_CASE("NADA counts losses at the end of a message") {
  Packets packets{Duration::ms(5)};
  Observer observer{Parameters{}};
  observer.add(packets.arrived(9, 50).lost(1).fed(0));
  CHECK(observer.loss() == Approx(0.01));
  CHECK_FALSE(observer.idle());
}

TEST_CASE("NADA's window ends with the last arrival, also of a packet that was overtaken") {
  Packets packets{Duration::ms(5)};
  Observer observer{Parameters{}};
  // There at 50, 605 and 60 ms: at 605 the first is gone. 2000 byte in 500 ms.
  observer.add(packets.arrived(1, 50).arrived(1, 600).arrived(1, 50).fed(0));
  CHECK(observer.received() == DataRate::kbps(32));
}

TEST_CASE("NADA: the mean of the last eight intervals, older ones with less weight") {
  LossIntervals intervals;
  const auto interval = [&](int packets) {
    for (int i = 0; i < packets; ++i) intervals.received();
    intervals.lost();
  };
  CHECK_FALSE(intervals.any());
  interval(10);
  intervals.lost();  // in a row: the same
  interval(20);
  CHECK(intervals.any());
  CHECK(intervals.mean() == Approx(10));  // the second is not known to have ended
  for (int i = 0; i < 5; ++i) interval(30);
  intervals.received();
  // 30 30 30 30 30 20 10, youngest first: (4 * 30 + 24 + 12 + 4) / 5.8.
  CHECK(intervals.mean() == Approx(160 / 5.8));
  CHECK(intervals.sinceLoss() == 1);
  for (int i = 0; i < 20; ++i) interval(7);
  CHECK(intervals.mean() == Approx(7));
}

TEST_CASE("NADA works off what waits in front of the pacer") {
  Controller controller;
  Packets packets{Duration::ms(20)};
  controller.onFeedback(freePath(packets));
  // 0.1 * 8 * 500 byte * 30 a second = 12 kbit/s, either way.
  controller.onQueue(DataSize::bytes(500));
  CHECK(target(controller) == 450'500);
  CHECK(controller.targets().pacing.count() == 474'500);
  CHECK(controller.targets().available.count() == 462'500);
  // 24 kbit/s are more than 5 % of 462.5.
  controller.onQueue(DataSize::bytes(1000));
  CHECK(target(controller) == 439'375);
  CHECK(controller.targets().pacing.count() == 485'625);
}

TEST_CASE("NADA keeps to what the streams need and can use") {
  Controller controller;
  controller.onDemand({DataRate::kbps(100), DataRate::kbps(400), {}}, ms(0));
  CHECK(target(controller) == 100'000);
  Packets packets{Duration::ms(20)};
  controller.onFeedback(freePath(packets));
  CHECK(target(controller) == 400'000);
  controller.onDemand({DataRate::kbps(100), DataRate::kbps(300), {}}, ms(700));
  CHECK(target(controller) == 300'000);
  // All but lost: the signal leaps to its bound, and the rate falls to the least.
  controller.onFeedback(packets.lost(200).arrived(1, 50).fed(800));
  CHECK(target(controller) == 100'000);
  controller.onDemand({DataRate::kbps(120), DataRate::kbps(300), {}}, ms(900));
  CHECK(target(controller) == 120'000);
}

TEST_CASE("NADA fills a link, with the queue that its balance asks for") {
  congestion::LinkSetup setup;
  setup.capacity = {{Duration{}, DataRate::mbps(1)}};
  setup.length = Duration::s(60);
  setup.demand.most = DataRate::kbps(1500);
  Controller controller;
  const congestion::LinkRun run = congestion::runLink(controller, setup);
  const DataRate rate = run.delivered(Duration::s(10), Duration::s(60));
  CHECK(rate > DataRate::kbps(900));
  CHECK(rate <= DataRate::mbps(1));
  CHECK(run.dropped(Duration{}, Duration::s(60)) == 0);
  // 10 ms * 1500/1000 of queue, 50 ms of way and 8 ms on the wire; frames make it jump by one more
  // packet.
  CHECK(run.longestDelay(Duration::s(20), Duration::s(60)) >= Duration::ms(50 + 8 + 10));
  CHECK(run.longestDelay(Duration::s(20), Duration::s(60)) <= Duration::ms(50 + 8 + 15 + 8));
  CHECK(run.longestWaiting(Duration::s(20), Duration::s(60)) <= Duration::ms(34));
}

TEST_CASE("NADA bears a link that falls from 2.5 to 0.6 Mbit/s") {
  congestion::LinkSetup setup;
  setup.capacity = {{Duration{}, DataRate::kbps(2500)}, {Duration::s(30), DataRate::kbps(600)}};
  setup.length = Duration::s(60);
  Controller controller;
  const congestion::LinkRun run = congestion::runLink(controller, setup);
  CHECK(run.delivered(Duration::s(20), Duration::s(30)) > DataRate::kbps(2200));
  CHECK(run.longestDelay(Duration::s(30), Duration::s(31)) > Duration::ms(300));
  CHECK(run.longestDelay(Duration::s(32), Duration::s(60)) < Duration::ms(150));
  CHECK(run.delivered(Duration::s(42), Duration::s(60)) > DataRate::kbps(540));
}

TEST_CASE("NADA gives way to loss that no queue explains") {
  congestion::LinkSetup setup;
  setup.capacity = {{Duration{}, DataRate::mbps(10)}};
  setup.length = Duration::s(60);
  setup.loseOneOf = 50;
  Controller controller;
  const congestion::LinkRun run = congestion::runLink(controller, setup);
  // 2 % are 10 ms (2/1)^2 = 40 ms, what 10 ms * 2500 / 40 = 625 kbit/s ask for.
  const DataRate rate = run.delivered(Duration::s(30), Duration::s(60));
  CHECK(rate > DataRate::kbps(500));
  CHECK(rate < DataRate::kbps(750));
}

}  // namespace
}  // namespace callflow::nada
