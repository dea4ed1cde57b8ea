// The sending half of the Linux-like TCP, driven by hand: small writes of 174 bytes, as an audio
// packet makes them, and acknowledgements at chosen times. All instants are worked out from the
// RFCs named and the kernel's 4 ms tick, which fires a timer at the tick behind its deadline.
#include "models/transport/tcp_sender.h"

#include <catch2/catch.hpp>

#include <initializer_list>
#include <vector>

#include "tests/support/show_units.h"

namespace callflow::transport {
namespace {

constexpr std::int64_t message = 174;

TimePoint at(std::int64_t ms) {
  return TimePoint::at(Duration::ms(ms));
}

class Wire final : public SegmentOutput {
 public:
  struct Sent {
    std::int64_t begin, end;
    bool again;
  };
  void transmit(ByteRange bytes, bool again) override {
    sent.push_back({bytes.begin, bytes.end, again});
  }
  std::vector<Sent> sent;
};

struct Fixture {
  explicit Fixture(std::int64_t rttMs, Tcp given = {})
      : sender((given.tickPhase = Duration{}, given), wire) {
    sender.established(Duration::ms(rttMs), at(0));
  }
  void write(std::int64_t ms) { sender.write(message, at(ms)); }
  // Everything before message `to` is there, and the messages `beyond`; `echo`: when the segment
  // was sent that set the acknowledgement off, in ms.
  void ack(std::int64_t ms, std::int64_t to, std::initializer_list<std::int64_t> beyond = {},
           std::int64_t echo = -1) {
    TcpSegment segment;
    segment.acknowledged = to * message;
    segment.window = 131072;
    segment.echoed = echo < 0 ? TimePoint::max() : at(echo);
    for (const std::int64_t m : beyond) {
      segment.selective.blocks[static_cast<std::size_t>(segment.selective.count++)] = {
          m * message, (m + 1) * message};
    }
    sender.acknowledge(segment, at(ms));
  }
  // Lets the timer go off that is due at `ms`, and at no other time.
  void timer(std::int64_t ms) {
    REQUIRE(sender.timer() == at(ms));
    sender.onTimer(at(ms));
  }

  Wire wire;
  TcpSender sender;
};

Tcp withoutProbes() {
  Tcp parameters;
  parameters.recovery = LossRecovery::duplicates;
  parameters.lossProbes = false;
  return parameters;
}

TEST_CASE("the time-out doubles each time it goes off, RFC 6298 5.5") {
  Fixture tcp(50, withoutProbes());
  tcp.write(0);
  CHECK(tcp.sender.rto() == Duration::ms(252));  // 50 + 200, in ticks
  // Timers of 63 ticks and more are rounded up to 8, of 504 and more to 64.
  tcp.timer(256);   // 63 ticks: behind tick 63, the next of 8 is 64
  tcp.timer(768);   // 126 from 64: behind 190, 192
  tcp.timer(1792);  // 252 from 192: behind 444, 448
  tcp.timer(3840);  // 504 from 448: behind 952, 960
  CHECK(tcp.sender.counters().timeouts == 4);
  REQUIRE(tcp.wire.sent.size() == 5);
  CHECK(tcp.wire.sent[4].again);
  CHECK(tcp.sender.window().size == 1);
}

TEST_CASE("a tail loss probe goes out two round trips after the last segment, RFC 8985 7.2") {
  Fixture tcp(50);
  tcp.write(0);
  tcp.write(0);
  tcp.timer(108);  // 2 x 50 + 2 ms are 26 ticks
  REQUIRE(tcp.wire.sent.size() == 3);
  CHECK(tcp.wire.sent[2].begin == message);  // the last segment again
  CHECK(tcp.sender.counters().probes == 1);
  CHECK(tcp.sender.counters().timeouts == 0);
  SECTION("then the time-out runs from the probe") {
    tcp.timer(384);  // 63 ticks from 27: behind 90, the next of 8 is 96
    CHECK(tcp.sender.counters().timeouts == 1);
  }
  SECTION("a probe answered as a duplicate leaves the window") {
    tcp.ack(158, 2);
    CHECK(tcp.sender.window().size >= 10);
    CHECK(tcp.sender.timer() == TimePoint::max());
  }
  SECTION("its selective acknowledgement proves the first lost") {
    tcp.ack(158, 0, {1});
    REQUIRE(tcp.wire.sent.size() == 4);
    CHECK(tcp.wire.sent[3].begin == 0);
    CHECK(tcp.sender.counters().recoveries == 1);
  }
}

TEST_CASE("a lone segment's probe allows for a delayed acknowledgement") {
  Fixture tcp(50);
  tcp.write(0);
  // 2 x 50 + 200 ms, but not behind the time-out of 252.
  tcp.timer(256);
  CHECK(tcp.sender.counters().probes == 1);
  CHECK(tcp.sender.counters().timeouts == 0);
}

TEST_CASE("at short round trips the next segment proves a loss, RFC 8985 6.2") {
  Fixture tcp(50);
  for (const int ms : {0, 20, 40, 60}) tcp.write(ms);
  tcp.ack(70, 0, {1});  // sent 20 ms behind, more than 50 / 4
  REQUIRE(tcp.wire.sent.size() == 5);
  CHECK(tcp.wire.sent[4].begin == 0);
  CHECK(tcp.wire.sent[4].end == message);  // the next has arrived: nothing to join
  CHECK(tcp.sender.counters().fastRetransmissions == 1);
  SECTION("the window becomes 0.7 of what it was, in packets") {
    tcp.ack(120, 4, {}, 70);
    CHECK(tcp.sender.window().size == 7);  // 10 x 717 / 1024
  }
  SECTION("unless the original arrived after all, as its timestamp tells, RFC 3522") {
    tcp.ack(90, 3, {}, 0);
    CHECK(tcp.sender.window().size == 10);
  }
}

TEST_CASE("at long round trips RACK's timer does") {
  Fixture tcp(100);
  for (const int ms : {0, 20, 40, 60, 80, 100}) tcp.write(ms);
  tcp.ack(120, 0, {1});
  CHECK(tcp.wire.sent.size() == 6);
  // 25 of 100 ms less the 20 that have passed, and 2: 7 ms are 2 ticks; behind tick 32.
  tcp.timer(132);
  REQUIRE(tcp.wire.sent.size() == 7);
  CHECK(tcp.wire.sent[6].begin == 0);
}

TEST_CASE("a lost retransmission is found by what was sent after it") {
  Fixture tcp(50);
  for (const int ms : {0, 20, 40, 60}) tcp.write(ms);
  tcp.ack(70, 0, {1});  // 0 again, and lost again
  tcp.write(80);
  tcp.ack(90, 0, {2});
  tcp.ack(110, 0, {3});
  CHECK(tcp.sender.counters().retransmissions == 1);
  tcp.ack(130, 0, {4});  // sent at 80, after 70
  CHECK(tcp.sender.counters().retransmissions == 2);
  CHECK(tcp.sender.counters().lostRetransmissions == 1);
}

TEST_CASE("without RACK it takes three duplicates, RFC 6675") {
  Fixture tcp(50, withoutProbes());
  for (const int ms : {0, 20, 40, 60, 80, 100}) tcp.write(ms);
  tcp.ack(70, 0, {1});
  tcp.ack(90, 0, {2});
  CHECK(tcp.wire.sent.size() == 6);
  tcp.ack(110, 0, {3});
  REQUIRE(tcp.wire.sent.size() == 7);
  CHECK(tcp.wire.sent[6].begin == 0);
}

TEST_CASE("proportional rate reduction: seven packets leave for ten that arrive, RFC 6937") {
  Fixture tcp(100);
  for (int i = 0; i < 60; ++i) tcp.write(0);  // ten leave, the rest waits: 8700 bytes
  REQUIRE(tcp.wire.sent.size() == 10);
  tcp.ack(100, 0, {1});
  CHECK(tcp.wire.sent.size() == 11);  // limited transmit, RFC 3042
  tcp.timer(132);                     // 25 and 2 ms are 7 ticks, behind tick 32
  REQUIRE(tcp.wire.sent.size() == 12);
  CHECK(tcp.wire.sent[11].begin == 0);
  CHECK(tcp.sender.window().threshold == 7);
  // While more than 7 are in flight, ceil(0.7 D) may have left for D delivered: 2, 3, 3, 4, 5, 5
  // for D of 2 to 7. At D = 8 just 7 are in flight, at 9 there is room for one.
  const std::vector<std::size_t> sent = {13, 14, 14, 15, 16, 16, 16, 17};
  for (std::size_t i = 0; i < sent.size(); ++i) {
    tcp.ack(133, 0, {static_cast<std::int64_t>(i) + 2});
    INFO("delivered " << i + 2);
    CHECK(tcp.wire.sent.size() == sent[i]);
  }
}

// Full segments: small ones would join the first when it is sent again, and no acknowledgement
// could tell them apart.
TEST_CASE("a time-out proved spurious by an original's arrival is undone, RFC 5682") {
  Fixture tcp(50, withoutProbes());
  for (int i = 0; i < 3; ++i) tcp.sender.write(1448, at(0));
  tcp.timer(256);
  CHECK(tcp.sender.counters().timeouts == 1);
  CHECK(tcp.sender.window().size == 1);
  TcpSegment ack;
  ack.window = 131072;
  ack.echoed = TimePoint::max();
  ack.selective.count = 1;
  ack.selective.blocks[0] = {1448, 2896};  // never sent again
  tcp.sender.acknowledge(ack, at(270));
  CHECK(tcp.sender.counters().spuriousTimeouts == 1);
  CHECK(tcp.sender.window().size == 10);
}

TEST_CASE("small segments join the one that is sent again") {
  Fixture tcp(50, withoutProbes());
  for (const int ms : {0, 20, 40}) tcp.write(ms);
  tcp.timer(256);
  REQUIRE(tcp.wire.sent.size() == 4);
  CHECK(tcp.wire.sent[3].begin == 0);
  CHECK(tcp.wire.sent[3].end == 3 * message);
}

TEST_CASE("what waits for the window leaves in full segments") {
  Tcp parameters;
  parameters.initialWindow = 1;
  Fixture tcp(50, parameters);
  for (int i = 0; i < 10; ++i) tcp.write(0);
  REQUIRE(tcp.wire.sent.size() == 1);
  tcp.ack(50, 1);  // slow start: 2
  REQUIRE(tcp.wire.sent.size() == 3);
  CHECK(tcp.wire.sent[1].end - tcp.wire.sent[1].begin == 1448);
  CHECK(tcp.wire.sent[2].end - tcp.wire.sent[2].begin == 9 * message - 1448);
}

TEST_CASE("Nagle holds a small write back while another is out, RFC 896") {
  Tcp parameters;
  parameters.noDelay = false;
  Fixture tcp(50, parameters);
  tcp.write(0);
  tcp.write(20);
  tcp.write(40);
  REQUIRE(tcp.wire.sent.size() == 1);
  tcp.ack(50, 1);
  REQUIRE(tcp.wire.sent.size() == 2);
  CHECK(tcp.wire.sent[1].end - tcp.wire.sent[1].begin == 2 * message);
}

TEST_CASE("no more leaves than the receiver takes, from the first segment on") {
  Tcp parameters;
  parameters.receiveBuffer = DataSize::bytes(2048);
  Fixture tcp(50, parameters);
  tcp.sender.write(1448, at(0));
  tcp.sender.write(1448, at(0));
  REQUIRE(tcp.wire.sent.size() == 1);
  TcpSegment ack;
  ack.acknowledged = 1448;
  ack.window = 2048;
  ack.echoed = TimePoint::max();
  tcp.sender.acknowledge(ack, at(50));
  CHECK(tcp.wire.sent.size() == 2);
}

TEST_CASE("after silence the window halves a time-out, down to the initial one, RFC 5681 4.1") {
  for (const bool restart : {true, false}) {
    Tcp parameters;
    parameters.initialWindow = 2;
    parameters.slowStartAfterIdle = restart;
    Fixture tcp(50, parameters);
    tcp.sender.write(30 * 1448, at(0));
    std::int64_t now = 0;
    while (!tcp.sender.idle()) {
      now += 50;
      TcpSegment segment;
      segment.acknowledged = tcp.sender.sentTo();
      segment.window = 131072;
      tcp.sender.acknowledge(segment, at(now));
    }
    CHECK(tcp.sender.window().size >= 8);
    const std::int32_t before = tcp.sender.window().size;
    tcp.write(now + 10'000);
    CHECK(tcp.sender.window().size == (restart ? 2 : before));
  }
}

TEST_CASE("an application that does not use the window does not make it grow, RFC 7661") {
  Fixture tcp(50);
  for (int i = 0; i < 500; ++i) {
    tcp.write(20 * i);
    if (i >= 2) tcp.ack(20 * i + 10, i - 1);
  }
  CHECK(tcp.sender.window().size == 10);  // as measured on Linux 6.1: 10 without loss
}

}  // namespace
}  // namespace callflow::transport
