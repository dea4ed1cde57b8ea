// The policies of the Linux-like TCP, each by itself, against numbers worked out by hand.
#include <catch2/catch.hpp>

#include <cmath>

#include "models/transport/congestion_control.h"
#include "models/transport/kernel_ticks.h"
#include "models/transport/rtt_estimator.h"
#include "models/transport/tcp_receiver.h"
#include "tests/support/show_units.h"

namespace callflow::transport {
namespace {

TimePoint at(std::int64_t ms) {
  return TimePoint::at(Duration::ms(ms));
}

// ---- timers

TEST_CASE("a kernel timer fires at the tick behind its deadline, later the farther ahead") {
  const KernelTicks ticks;
  CHECK(ticks.ceil(Duration::ms(27)) == 7);
  CHECK(ticks.expiry(at(0), 7) == at(32));      // RTT 100 ms: a quarter and 2 ms is 7 ticks
  CHECK(ticks.expiry(at(3), 7) == at(32));      // 29 ms later: the measured grain
  CHECK(ticks.expiry(at(0), 62) == at(252));    // slots of one tick
  CHECK(ticks.expiry(at(0), 63) == at(256));    // slots of 8 from here: (63 / 8 + 1) x 8 ticks
  CHECK(ticks.expiry(at(0), 250) == at(1024));  // the first SYN's second
  CHECK(ticks.expiry(at(0), 504) == at(2048));  // slots of 64: (504 / 64 + 1) x 64 ticks
}

// ---- round trip

TEST_CASE("the first round trip sets the time-out to itself and at least 200 ms") {
  RttEstimator rtt(Duration::ms(200), Duration::s(120));
  CHECK(rtt.timeout() == Duration::s(1));
  rtt.sample(Duration::ms(20), 0, 174);
  CHECK(rtt.smoothed() == Duration::ms(20));
  CHECK(rtt.timeout() == Duration::ms(220));
  RttEstimator longer(Duration::ms(200), Duration::s(120));
  longer.sample(Duration::ms(150), 0, 174);
  CHECK(longer.timeout() == Duration::ms(450));  // R + 4 R/2, RFC 6298 2.2
}

TEST_CASE("later round trips move the mean by an eighth, the deviation by a quarter") {
  RttEstimator rtt(Duration::ms(200), Duration::s(120));
  rtt.sample(Duration::ms(100), 0, 1000);  // deviation 50: four of it are 200
  rtt.sample(Duration::ms(140), 500, 1000);
  CHECK(rtt.smoothed() == Duration::ms(105));
  // |140 - 100| is under the deviation: it falls to 50 + (40 - 50) / 4; the time-out holds 200.
  CHECK(rtt.timeout() == Duration::ms(305));
  rtt.sample(Duration::ms(255), 700, 1000);  // 150 over 105; four deviations: 190 + 150 - 47.5
  CHECK(rtt.smoothed() == Duration::us(123'750));
  CHECK(rtt.timeout() == Duration::us(123'750 + 292'500));
}

TEST_CASE("a shorter round trip widens the deviation by an eighth only") {
  RttEstimator rtt(Duration::ms(200), Duration::s(120));
  rtt.sample(Duration::ms(100), 0, 1000);
  rtt.sample(Duration::ms(20), 500, 1000);  // 80 under; four deviations: 200 + (80 - 50) / 8
  CHECK(rtt.smoothed() == Duration::ms(90));
  CHECK(rtt.timeout() == Duration::us(90'000 + 203'750));
}

TEST_CASE("the deviation falls by a quarter a round trip, not with each sample") {
  RttEstimator rtt(Duration::ms(200), Duration::s(120));
  rtt.sample(Duration::ms(200), 0, 100);  // four deviations: 400
  rtt.sample(Duration::ms(200), 50, 150);
  CHECK(rtt.timeout() == Duration::ms(600));  // the same round trip
  rtt.sample(Duration::ms(200), 120, 220);    // its end: the largest of it was 400
  CHECK(rtt.timeout() == Duration::ms(600));
  // 400, 300, 225, 168.75: under 200, so the next round's largest is 200.
  rtt.sample(Duration::ms(200), 230, 330);
  CHECK(rtt.timeout() == Duration::ms(200 + 350));  // 400 - (400 - 200) / 4
}

// ---- congestion control

TEST_CASE("slow start stops at the threshold and gives back what it did not use") {
  CongestionWindow window{10, 12, 0};
  CHECK(slowStart(window, 5) == 3);
  CHECK(window.size == 12);
}

TEST_CASE("Reno halves, and grows by a packet a window") {
  const auto reno = makeCongestionControl(CongestionAlgorithm::reno, KernelTicks());
  CHECK(reno->reducedThreshold({11, 5, 0}) == 5);
  CHECK(reno->reducedThreshold({3, 5, 0}) == 2);
  CongestionWindow window{10, 5, 0};
  AckEvent ack;
  ack.acknowledged = 1;
  for (int i = 0; i < 10; ++i) reno->grow(window, ack);
  CHECK(window.size == 11);
  for (int i = 0; i < 10; ++i) reno->grow(window, ack);
  CHECK(window.size == 11);
  reno->grow(window, ack);
  CHECK(window.size == 12);
}

// Acknowledges a window a round trip, packet by packet, for so long.
void acknowledgeFor(CongestionControl& control, CongestionWindow& window, Duration rtt,
                    TimePoint& now, Duration time) {
  const KernelTicks ticks;
  const TimePoint end = now + time;
  while (now < end) {
    now += rtt / window.size;
    AckEvent ack;
    ack.now = now;
    ack.ticks = ticks.at(now);
    ack.acknowledged = 1;
    ack.rtt = rtt;
    control.measured(window, ack);
    control.grow(window, ack);
  }
}

TEST_CASE("CUBIC follows C (t - K)^3 + Wmax") {
  const auto cubic = makeCongestionControl(CongestionAlgorithm::cubic, KernelTicks());
  CongestionWindow window{100, 50, 0};
  window.threshold = window.size = cubic->reducedThreshold(window);
  CHECK(window.size == 70);              // 100 x 717 / 1024
  const double k = std::cbrt(30 / 0.4);  // 4.22 s back to 100
  TimePoint now = at(10'000);
  const Duration rtt = Duration::ms(100);
  // Half way: 100 - 0.4 (K/2)^3 = 100 - 30/8.
  acknowledgeFor(*cubic, window, rtt, now, Duration::fromSeconds(k / 2));
  CHECK(std::abs(window.size - 96) <= 2);
  acknowledgeFor(*cubic, window, rtt, now, Duration::fromSeconds(k / 2));
  CHECK(std::abs(window.size - 100) <= 1);
  acknowledgeFor(*cubic, window, rtt, now, Duration::fromSeconds(k));
  CHECK(std::abs(window.size - 130) <= 3);
}

TEST_CASE("CUBIC aims lower when it lost before it was back, RFC 9438 4.7") {
  const auto cubic = makeCongestionControl(CongestionAlgorithm::cubic, KernelTicks());
  CongestionWindow window{100, 50, 0};
  cubic->reducedThreshold(window);
  window.size = 80;
  window.threshold = window.size = cubic->reducedThreshold(window);
  CHECK(window.size == 56);
  // Wmax is 80 (1 + 0.7) / 2 = 68, reached after the cube root of 12 / 0.4 = 3.1 s.
  TimePoint now = at(10'000);
  acknowledgeFor(*cubic, window, Duration::ms(200), now, Duration::ms(3'107));
  CHECK(std::abs(window.size - 68) <= 1);
}

TEST_CASE("CUBIC is not slower than Reno would be where windows are small, RFC 9438 4.3") {
  const auto cubic = makeCongestionControl(CongestionAlgorithm::cubic, KernelTicks());
  CongestionWindow window{10, 5, 0};
  window.threshold = window.size = cubic->reducedThreshold(window);
  CHECK(window.size == 7);
  // Round trip 10 ms: a packet each 15/8 round trips; in 0.3 s 16, where the cubic has 1.
  TimePoint now = at(10'000);
  acknowledgeFor(*cubic, window, Duration::ms(10), now, Duration::ms(300));
  CHECK(window.size >= 7 + 12);
  CHECK(window.size <= 7 + 17);
}

// ---- receiver

TcpSegment data(std::int64_t begin, std::int64_t end, TimePoint sent = {}) {
  TcpSegment segment;
  segment.bytes = {begin, end};
  segment.push = true;
  segment.sent = sent;
  return segment;
}

constexpr Duration rto = Duration::ms(220);
constexpr Duration roundTrip = Duration::ms(20);

TEST_CASE("small writes one way are acknowledged at once, for ever") {
  TcpReceiver receiver{Tcp{}};
  for (int i = 0; i < 100; ++i) {
    receiver.receive(data(174 * i, 174 * (i + 1)), at(20 * i), rto);
    CHECK(receiver.mustAcknowledge(at(20 * i), roundTrip));
    TcpSegment ack;
    receiver.acknowledge(ack);
    CHECK(ack.acknowledged == 174 * (i + 1));
    CHECK(receiver.timer() == TimePoint::max());
  }
}

TEST_CASE("with data both ways an acknowledgement waits 40 ms for data to ride on") {
  TcpReceiver receiver{Tcp{}};
  TcpSegment out;
  receiver.receive(data(0, 174), at(0), rto);
  CHECK(receiver.mustAcknowledge(at(0), roundTrip));
  receiver.acknowledge(out);
  receiver.noteSent(at(5));
  receiver.receive(data(174, 348), at(20), rto);
  CHECK_FALSE(receiver.mustAcknowledge(at(20), roundTrip));
  CHECK(receiver.timer() == at(64));  // 10 ticks from tick 5, and the rest of that one
  SECTION("data takes it along") {
    receiver.acknowledge(out);
    CHECK(out.acknowledged == 348);
    CHECK(receiver.timer() == TimePoint::max());
  }
  SECTION("a second write is answered at once") {
    receiver.receive(data(348, 522), at(40), rto);
    CHECK(receiver.mustAcknowledge(at(40), roundTrip));
  }
  SECTION("or the timer goes off, and the next is answered at once") {
    CHECK(receiver.onTimer(at(64), rto));
    receiver.acknowledge(out);
    receiver.receive(data(348, 522), at(80), rto);
    CHECK(receiver.mustAcknowledge(at(80), roundTrip));
  }
}

TEST_CASE("what lies beyond holes is reported, the newest first, three blocks at most") {
  TcpReceiver receiver{Tcp{}};
  TcpSegment out;
  receiver.receive(data(0, 100, at(1)), at(0), rto);
  receiver.mustAcknowledge(at(0), roundTrip);
  receiver.acknowledge(out);
  CHECK(out.selective.count == 0);
  CHECK(out.echoed == at(1));
  for (const int begin : {200, 400, 600, 800}) {
    receiver.receive(data(begin, begin + 100, at(begin)), at(20), rto);
    CHECK(receiver.mustAcknowledge(at(20), roundTrip));
    receiver.acknowledge(out);
    CHECK(out.acknowledged == 100);
    CHECK(out.selective.blocks[0].begin == begin);
    CHECK(out.echoed == at(1));  // RFC 7323 4.3: of the last in order
  }
  CHECK(out.selective.count == 3);
  CHECK(out.selective.blocks[1].begin == 600);
  CHECK(out.selective.blocks[2].begin == 400);
  CHECK_FALSE(out.selective.firstIsDuplicate);

  receiver.receive(data(100, 200), at(40), rto);
  CHECK(receiver.next() == 300);
  CHECK(receiver.mustAcknowledge(at(40), roundTrip));
  receiver.acknowledge(out);
  CHECK(out.acknowledged == 300);

  receiver.receive(data(0, 100), at(60), rto);  // once more: D-SACK, RFC 2883
  CHECK(receiver.mustAcknowledge(at(60), roundTrip));
  receiver.acknowledge(out);
  CHECK(out.selective.firstIsDuplicate);
  CHECK(out.selective.blocks[0].begin == 0);
  CHECK(out.selective.blocks[0].end == 100);
  CHECK(out.selective.count == 3);
}

}  // namespace
}  // namespace callflow::transport
