// SCReAM: single steps against sums by hand, with the constants of RFC 8298 4.1.1.1, and a link.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "models/scream/controller.h"
#include "models/scream/delay_target.h"
#include "models/scream/media_rate.h"
#include "models/scream/queue_delay.h"
#include "models/scream/window.h"
#include "tests/models/controlled_link.h"

namespace callflow::scream {
namespace {

TimePoint ms(std::int64_t value) {
  return TimePoint::at(Duration::ms(value));
}
DataSize bytes(std::int64_t value) {
  return DataSize::bytes(value);
}
constexpr Duration kTarget = Duration::ms(100);

// `trend` is what ends the fast increase.
Window::Acknowledged acknowledged(std::int64_t size, std::int64_t inFlight, std::int64_t queueingMs,
                                  double trend = 0) {
  return {bytes(size), bytes(inFlight), Duration::ms(queueingMs), kTarget, trend};
}

// Out of fast increase, with 10 kB of window and in flight.
Window slowWindow() {
  Window window{Parameters{}};
  window.onInFlight(bytes(10'000), ms(0));
  window.onAcknowledged(acknowledged(7'000, 10'000, 0));
  window.onAcknowledged(acknowledged(0, 10'000, 100, 0.2));
  return window;
}

TEST_CASE("SCReAM's window grows fast while it is used and nothing queues") {
  Window window{Parameters{}};
  CHECK(window.size() == bytes(3'000));
  window.onAcknowledged(acknowledged(1'000, 2'000, 0));  // 2000 * 1.5 + 1000 are more than 3000
  CHECK(window.size() == bytes(4'000));
  window.onAcknowledged(acknowledged(1'000, 2'000, 0));  // but not more than 4000
  CHECK(window.size() == bytes(4'000));
  window.onAcknowledged(acknowledged(1'000, 2'001, 0, 0.19));
  CHECK(window.size() == bytes(5'000));
  CHECK(window.increasesFast());
}

TEST_CASE("SCReAM's window seeks the queue that is its target") {
  Window window = slowWindow();
  CHECK_FALSE(window.increasesFast());
  CHECK(window.size() == bytes(10'000));
  SECTION("below it") {
    // (100 - 50)/100 * 2000 * 1000/10000.
    window.onAcknowledged(acknowledged(2'000, 10'000, 50));
    CHECK(window.size() == bytes(10'100));
  }
  SECTION("above it") {
    // (100 - 250)/100 * 2000 * 1000/10000.
    window.onAcknowledged(acknowledged(2'000, 10'000, 250));
    CHECK(window.size() == bytes(9'700));
  }
  SECTION("not up while it is not used, but down") {
    window.onAcknowledged(acknowledged(2'000, 6'400, 50));  // 6400 * 1.25 + 2000 = 10000
    CHECK(window.size() == bytes(10'000));
    window.onAcknowledged(acknowledged(2'000, 0, 200));
    CHECK(window.size() == bytes(9'800));
  }
  SECTION("never far beyond what is in flight") {
    for (int i = 0; i < 20; ++i) window.onAcknowledged(acknowledged(2'000, 10'000, 0));
    CHECK(window.size() == bytes(11'000));
    window.onInFlight(bytes(5'000), ms(4'999));
    window.onAcknowledged(acknowledged(1'000, 5'000, 100));
    CHECK(window.size() == bytes(11'000));
    window.onInFlight(bytes(4'000), ms(5'000));  // the 10 kB are 5 s old
    window.onAcknowledged(acknowledged(1'000, 4'000, 100));
    CHECK(window.size() == bytes(5'500));
  }
  SECTION("and loses a fifth by loss, down to the least") {
    window.onLoss();
    CHECK(window.size() == bytes(8'000));
    for (int i = 0; i < 5; ++i) window.onLoss();
    CHECK(window.size() == bytes(3'000));
  }
}

TEST_CASE("SCReAM's window grows fast again after 5 s of calm") {
  Window window = slowWindow();
  window.onTrend(0.1, ms(0));
  window.onTrend(0.1, ms(4'900));
  CHECK_FALSE(window.increasesFast());
  window.onTrend(0.2, ms(4'950));
  window.onTrend(0.1, ms(5'000));
  window.onTrend(0.1, ms(9'900));
  CHECK_FALSE(window.increasesFast());
  window.onTrend(0.1, ms(10'000));
  CHECK(window.increasesFast());
  window.onLoss();
  CHECK_FALSE(window.increasesFast());
}

TEST_CASE("SCReAM's trend of the queue") {
  QueueDelay delay{Parameters{}};
  const auto add = [&](std::int64_t queueingMs, std::int64_t atMs) {
    delay.add(Duration::ms(50 + queueingMs), kTarget, ms(atMs));
  };
  add(0, 0);
  add(0, 50);
  CHECK(delay.trend() == 0);
  add(100, 100);
  add(100, 150);
  CHECK(delay.queueing() == Duration::ms(100));
  // 18 fractions of 0 and two of 1, mean 0.1: squares 18 * 0.01 + 2 * 0.81, products of neighbours
  // 17 * 0.01 - 0.09 + 0.81; smoothed 0.19.
  CHECK(delay.trend() == Approx(0.89 / 1.8 * 0.19));
  // Too early for a sample, but smoothed 0.271.
  add(100, 199);
  CHECK(delay.trend() == Approx(0.89 / 1.8 * 0.271));
  CHECK(delay.remembered() == Approx(0.89 / 1.8 * 0.271));
  // 17 of 0, 1 1 0: 16 * 0.01 - 0.09 + 0.81 - 0.09; smoothed 0.2439.
  add(0, 200);
  CHECK(delay.trend() == Approx(0.79 / 1.8 * 0.2439));
  CHECK(delay.remembered() == Approx(0.99 * 0.89 / 1.8 * 0.271));
  // After 150 ms the last counts twice more: 14 of 0, 1 1 0 0 0 1, mean 0.15: squares
  // 17 * 0.0225 + 3 * 0.7225, products 13 * 0.0225 - 0.1275 + 0.7225 - 0.1275 + 2 * 0.0225 -
  // 0.1275.
  add(100, 350);
  CHECK(delay.trend() == Approx(0.6775 / 2.55 * 0.31951));
}

TEST_CASE("SCReAM takes the least delay of ten minutes for the path's") {
  QueueDelay delay{Parameters{}};
  delay.add(Duration::ms(50), kTarget, ms(59'999));
  for (int minute = 1; minute < 10; ++minute) {
    delay.add(Duration::ms(80), kTarget, TimePoint::at(Duration::s(60) * minute));
    CHECK(delay.queueing() == Duration::ms(30));
  }
  delay.add(Duration::ms(80), kTarget, TimePoint::at(Duration::s(600)));
  CHECK(delay.queueing() == Duration{});
}

TEST_CASE("SCReAM bears more queue beside flows that fill it") {
  DelayTarget target{Parameters{}};
  CHECK(target.target() == Duration::ms(100));
  SECTION("one that stays is borne") {
    target.adjust(Duration::ms(200), 0);  // no variance
    CHECK(target.target() == Duration::ms(200));
    target.adjust(Duration::ms(240), 0);  // mean 2.2, deviation 0.2
    CHECK(target.target() == Duration::ms(240));
  }
  SECTION("one that varies is not, but with losses") {
    target.adjust(Duration{}, 0);
    target.adjust(Duration::ms(400), 0);  // mean 2, deviation 2
    CHECK(target.target() == Duration::ms(100));
    target.adjust(Duration::ms(200), 0.01);  // mean 2, deviation sqrt(8/3): 1.5 * 0.363 s
    CHECK(target.target() == Duration::ms(400));
    target.adjust(Duration::ms(200), 0);  // slowly back
    CHECK(target.target() == Duration::ms(360));
  }
}

MediaRate rateAt(std::int64_t kbps) {
  MediaRate rate{Parameters{}};
  rate.setBounds(DataRate::kbps(kbps), DataRate::kbps(2'500));
  rate.setBounds(DataRate::kbps(150), DataRate::kbps(2'500));
  return rate;
}
MediaRate::Interval interval(std::int64_t sentKbps, std::int64_t acknowledgedKbps,
                             std::int64_t waiting, double trend, bool fast) {
  return {DataRate::kbps(sentKbps),
          DataRate::kbps(acknowledgedKbps),
          DataRate::kbps(sentKbps),
          bytes(waiting),
          fast,
          trend,
          0};
}

TEST_CASE("SCReAM's target ramps up") {
  SECTION("by half of itself in a second") {
    MediaRate rate = rateAt(200);
    rate.onInterval(interval(200, 200, 0, 0, true));
    CHECK(rate.target() == DataRate::kbps(220));
  }
  SECTION("by 200 kbit/s in a second at most") {
    MediaRate rate = rateAt(1'000);
    rate.onInterval(interval(1'000, 1'000, 0, 0, true));
    CHECK(rate.target() == DataRate::kbps(1'040));
  }
  SECTION("to twice what is made, less by what the trend was") {
    MediaRate rate = rateAt(1'000);
    MediaRate::Interval slack = interval(300, 400, 0, 0, true);
    slack.rememberedTrend = 0.5;
    rate.onInterval(slack);
    CHECK(rate.target() == DataRate::kbps(600));
  }
}

TEST_CASE("SCReAM's target after a loss, and near where that came") {
  MediaRate rate = rateAt(1'000);
  rate.onLoss();
  CHECK(rate.target() == DataRate::kbps(900));
  SECTION("a fifth of the ramp, as (4 * 0.1)^2 is less") {
    rate.onInterval(interval(900, 900, 0, 0, true));
    CHECK(rate.target() == DataRate::kbps(908));
  }
  SECTION("out of fast increase, a fifth of what gets through beyond it") {
    rate.onInterval(interval(1'000, 950, 0, 0.5, false));  // 1000 * 0.95 - 900
    CHECK(rate.target() == DataRate::kbps(910));
  }
  SECTION("less what waits: 20 kbit are 20 ms, and not more") {
    rate.onInterval(interval(1'000, 950, 2'500, 0.5, false));
    CHECK(rate.target() == DataRate::kbps(906));
  }
  SECTION("and 5 % less where it waits longer: 905 * 0.95") {
    rate.onInterval(interval(1'000, 950, 3'125, 0.5, false));
    CHECK(rate.target() == DataRate::bitsPerSecond(859'750));
  }
  SECTION("down at once") {
    rate.onInterval(interval(700, 800, 0, 0.5, false));  // 800 * 0.95
    CHECK(rate.target() == DataRate::kbps(760));
  }
}

// Sends packets of 1000 bytes every 10 ms to a controller and tells what came of them.
class Sender {
 public:
  explicit Sender(Controller& controller) : controller_(controller) {}

  void send(int count) {
    for (int i = 0; i < count; ++i) {
      const auto sequence = static_cast<std::int64_t>(sent_.size());
      sent_.push_back({{sequence, ms(10 * sequence), bytes(1'000), congestion::kNoCluster, false},
                       TimePoint::max()});
      inFlight_ += bytes(1'000);
      controller_.onSent(sent_.back().packet, inFlight_);
    }
  }
  // "+" has come after 50 ms, "-" has not.
  void told(const std::string& fates, std::int64_t atMs) {
    congestion::Feedback feedback;
    feedback.at = ms(atMs);
    for (const char fate : fates) {
      congestion::PacketResult result = sent_[told_++];
      if (fate == '+') result.received = result.packet.sent + Duration::ms(50);
      inFlight_ = inFlight_ - result.packet.size;
      feedback.packets.push_back(result);
    }
    feedback.inFlight = inFlight_;
    controller_.onFeedback(feedback);
  }

 private:
  Controller& controller_;
  std::vector<congestion::PacketResult> sent_;
  std::size_t told_ = 0;
  DataSize inFlight_;
};

TEST_CASE("SCReAM: what feedback does to window, pacing and target") {
  Controller controller;
  controller.onDemand({DataRate::kbps(1'000), DataRate::kbps(2'500), {}}, ms(0));
  controller.onDemand({DataRate::kbps(150), DataRate::kbps(2'500), {}}, ms(0));
  Sender sender{controller};
  sender.send(9);
  // 3000 of window and 3000 acknowledged, with 6000 in flight.
  sender.told("+++", 120);  // the last was sent at 20 ms
  CHECK(controller.window() == bytes(6'000));
  CHECK(controller.targets().roundTrip == Duration::ms(100));
  CHECK(controller.targets().available == DataRate::kbps(480));  // 6000 byte in 100 ms
  CHECK(controller.targets().target == DataRate::kbps(1'000));

  sender.told("+-+", 150);  // a loss: 0.8 and 0.9
  CHECK(controller.window() == bytes(4'800));
  CHECK(controller.targets().target == DataRate::kbps(900));
  sender.send(3);
  sender.told("-+", 170);  // within the round trip: no news; 2000 count as acknowledged
  // 4000 in flight: 4800 + 2000 * 1000/4800.
  CHECK(controller.window() == bytes(5'216));
  CHECK(controller.targets().target == DataRate::kbps(900));
  sender.told("-+", 270);  // after it
  CHECK(controller.window() == bytes(4'173));
  CHECK(controller.targets().target == DataRate::kbps(810));
  CHECK(controller.targets().loss == 0.5);
  CHECK(controller.takeProbes().empty());
}

TEST_CASE("SCReAM paces by its window, and hardly while that is full") {
  Controller controller;
  Sender sender{controller};
  // 3000 byte and one segment more: four packets. In the 20 ms of round trip that it begins with.
  sender.send(3);
  CHECK(controller.targets().pacing == DataRate::kbps(1'200));
  sender.send(1);
  CHECK(controller.targets().pacing == DataRate::kbps(50));
  sender.told("++++", 130);
  CHECK(controller.targets().pacing > DataRate::kbps(200));
}

TEST_CASE("SCReAM has no frames made while much waits") {
  Controller controller;
  controller.onQueue(bytes(1'875));  // 100 ms of 150 kbit/s
  CHECK(controller.targets().encoderShare == 1);
  controller.onQueue(bytes(1'876));
  CHECK(controller.targets().encoderShare == 0);
  controller.onQueue(bytes(0));
  CHECK(controller.targets().encoderShare == 1);
}

TEST_CASE("SCReAM sets its target each 200 ms by what was sent") {
  Controller controller;
  CHECK(controller.period() == Duration::ms(200));
  Sender sender{controller};
  controller.process(ms(0));
  sender.send(4);
  controller.process(ms(200));  // 160 kbit/s sent; 150 + 0.2 * 75
  CHECK(controller.targets().target == DataRate::kbps(165));
  controller.process(ms(400));  // nothing; but the median was made: 165 + 0.2 * 82.5
  CHECK(controller.targets().target == DataRate::bitsPerSecond(181'500));
}

TEST_CASE("SCReAM settles on a link") {
  congestion::LinkSetup setup;
  setup.capacity = {{Duration{}, DataRate::mbps(1)}};
  setup.length = Duration::s(90);
  setup.demand.most = DataRate::kbps(1'500);
  Controller controller;
  const congestion::LinkRun run = congestion::runLink(controller, setup);
  const DataRate rate = run.delivered(Duration::s(10), Duration::s(90));
  CHECK(rate > DataRate::kbps(750));
  CHECK(rate <= DataRate::mbps(1));
  for (int second = 10; second < 90; second += 5)
    CHECK(run.delivered(Duration::s(second), Duration::s(second + 5)) > DataRate::kbps(600));
  CHECK(run.dropped(Duration{}, Duration::s(90)) == 0);
  // It may queue for 100 ms.
  CHECK(run.longestDelay(Duration::s(10), Duration::s(90)) < Duration::ms(200));
  CHECK(run.longestWaiting(Duration::s(10), Duration::s(90)) < Duration::ms(100));
}

TEST_CASE("SCReAM bears a link that falls from 2.5 to 0.6 Mbit/s") {
  congestion::LinkSetup setup;
  setup.capacity = {{Duration{}, DataRate::kbps(2'500)}, {Duration::s(30), DataRate::kbps(600)}};
  setup.length = Duration::s(60);
  Controller controller;
  const congestion::LinkRun run = congestion::runLink(controller, setup);
  CHECK(run.delivered(Duration::s(20), Duration::s(30)) > DataRate::kbps(2'300));
  CHECK(run.longestDelay(Duration::s(30), Duration::s(31)) > Duration::ms(300));
  CHECK(run.dropped(Duration::s(30), Duration::s(32)) > 0);
  CHECK(run.longestDelay(Duration::s(34), Duration::s(44)) < Duration::ms(150));
  // Then it tries for more, of which it learns by a queue past its 100 ms.
  CHECK(run.longestDelay(Duration::s(34), Duration::s(60)) < Duration::ms(200));
  CHECK(run.longestWaiting(Duration::s(30), Duration::s(60)) < Duration::ms(300));
  CHECK(run.delivered(Duration::s(40), Duration::s(60)) > DataRate::kbps(360));
}

}  // namespace
}  // namespace callflow::scream
