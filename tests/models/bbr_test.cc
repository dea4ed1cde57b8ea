// BBR, the delivery rates that it is told, and pacing, against numbers worked out by hand from
// net/ipv4/tcp_bbr.c, tcp_rate.c, tcp_output.c and lib/win_minmax.c of Linux 6.1.
#include "models/transport/bbr.h"

#include <catch2/catch.hpp>

#include <vector>

#include "models/transport/pacing.h"
#include "models/transport/rate_control.h"
#include "models/transport/tcp_sender.h"
#include "tests/support/show_units.h"

namespace callflow::transport {
namespace {

TimePoint at(std::int64_t ms) {
  return TimePoint::at(Duration::ms(ms));
}
TimePoint atUs(std::int64_t us) {
  return TimePoint::at(Duration::us(us));
}
constexpr DataRate bytesPerSecond(std::int64_t bytes) {
  return DataRate::bitsPerSecond(bytes * 8);
}

// ---- pacing -------------------------------------------------------------------------------------

TEST_CASE("a paced sender spaces segments by their length, from the tenth of a connection on") {
  Pacer pacer;
  const DataSize full = DataSize::bytes(1448);
  const DataRate rate = bytesPerSecond(1'000'000);
  pacer.sent(full, rate, 9, at(100));
  CHECK(pacer.open(at(100)));
  pacer.sent(full, rate, 10, at(100));
  CHECK_FALSE(pacer.open(at(100)));
  CHECK(pacer.next() == atUs(101'448));
  SECTION("the next in its time leaves the same space") {
    pacer.sent(full, rate, 11, atUs(101'448));
    CHECK(pacer.next() == atUs(102'896));
  }
  SECTION("one that is late catches up") {
    pacer.sent(full, rate, 11, atUs(101'948));  // 0.5 ms late
    CHECK(pacer.next() == atUs(102'896));
  }
  SECTION("by half of its length at most") {
    pacer.sent(full, rate, 11, at(200));
    CHECK(pacer.next() == atUs(200'724));
  }
}

class Wire final : public SegmentOutput {
 public:
  void transmit(ByteRange, bool) override { ++count; }
  int count = 0;
};

Tcp bbr() {
  Tcp parameters;
  parameters.congestion = CongestionAlgorithm::bbr;
  return parameters;
}

TcpSegment acknowledgement(std::int64_t segments) {
  TcpSegment segment;
  segment.acknowledged = segments * 1448;
  segment.window = 1'000'000;
  segment.echoed = TimePoint::max();
  return segment;
}

TEST_CASE("a sender with BBR sends its first ten segments at once, the next ones spaced") {
  Wire wire;
  TcpSender sender(bbr(), wire);
  sender.established(Duration::ms(100), at(0));
  sender.acknowledge(acknowledgement(0), at(0));  // the receiver's window
  sender.write(30 * 1448, at(0));
  CHECK(wire.count == 10);  // the initial window
  // 10 packets in 100 ms, in 2^-24ths of a packet a microsecond 1677; times 1448 bytes, times
  // 739/256, less 1 %: 413,638 bytes/s. Over 150,000 two segments leave together: 7.0013 ms.
  CHECK(sender.rateControl()->bbr.pacing() == bytesPerSecond(413'638));
  CHECK(sender.rateControl()->bbr.segmentsAtOnce() == 2);
  CHECK(sender.timer() > atUs(7'001));
  CHECK(sender.timer() < atUs(7'002));
  sender.onTimer(sender.timer());
  CHECK(wire.count == 10);  // by then the pacing allows more, but the window does not
  sender.acknowledge(acknowledgement(2), at(100));
  CHECK(sender.window().size == 12);
  CHECK(wire.count == 12);  // room for four, but two wait
  // 100 ms late: half of the space is made up for.
  CHECK(sender.timer() > atUs(103'500));
  CHECK(sender.timer() < atUs(103'502));
  sender.onTimer(sender.timer());
  CHECK(wire.count == 14);
}

TEST_CASE("CUBIC does not pace") {
  Wire wire;
  TcpSender sender({}, wire);
  sender.established(Duration::ms(100), at(0));
  sender.write(30 * 1448, at(0));
  sender.acknowledge(acknowledgement(2), at(100));
  CHECK(wire.count == 14);
  CHECK(sender.rateControl() == nullptr);
}

// ---- delivery rates -----------------------------------------------------------------------------

TEST_CASE("a delivery rate is of all that was delivered while a packet was on its way") {
  RateSampler sampler;
  CHECK(sampler.delivered() == 1);  // the handshake
  sampler.sent(at(0));
  sampler.sent(at(10));
  sampler.begin();
  sampler.leaves(at(0), 1000, true);
  RateSample sample = sampler.finish(1, Duration::ms(50), at(50));
  CHECK(sample.valid());
  CHECK(sample.delivered == 1);
  CHECK(sample.interval == Duration::ms(50));
  CHECK(sample.priorDelivered == 1);

  sampler.sent(at(55));
  sampler.begin();
  sampler.leaves(at(10), 2000, true);
  sample = sampler.finish(1, Duration::ms(50), at(60));
  CHECK(sample.delivered == 2);  // both since it was sent, and from the first packet's sending on
  CHECK(sample.interval == Duration::ms(60));

  sampler.begin();
  sampler.leaves(at(55), 3000, true);
  sample = sampler.finish(1, Duration::ms(50), at(105));
  CHECK(sample.delivered == 2);
  CHECK(sample.priorDelivered == 2);
  CHECK(sample.interval == Duration::ms(55));  // since the acknowledgement of 50 ms

  SECTION("the youngest of several counts") {
    for (const int ms : {110, 120, 130}) sampler.sent(at(ms));
    sampler.begin();
    sampler.leaves(at(110), 4000, true);
    sampler.arrived(1, at(130), 6000);
    sample = sampler.finish(2, Duration::ms(50), at(180));
    CHECK(sample.delivered == 2);
    CHECK(sample.interval == Duration::ms(70));  // acknowledged over 180 - 110, as none was out
  }
}

TEST_CASE("compressed acknowledgements do not make a path fast: sending took its time") {
  RateSampler sampler;
  sampler.sent(at(100));
  sampler.sent(at(101));
  sampler.begin();
  sampler.leaves(at(100), 1000, true);
  sampler.finish(1, Duration::ms(50), at(200));
  sampler.sent(at(201));
  sampler.begin();
  sampler.leaves(at(101), 2000, true);
  sampler.leaves(at(201), 3000, true);
  // Sent 100 to 201, acknowledged 200 to 251.
  const RateSample sample = sampler.finish(2, Duration::ms(50), at(251));
  CHECK(sample.delivered == 2);
  CHECK(sample.interval == Duration::ms(101));
}

TEST_CASE("a sample shorter than the round trip is not believed, one without a packet is none") {
  RateSampler sampler;
  sampler.sent(at(0));
  sampler.begin();
  CHECK_FALSE(sampler.finish(0, Duration::ms(50), at(20)).valid());
  sampler.resent(0);
  sampler.begin();
  sampler.leaves(at(0), 1000, true);
  const RateSample sample = sampler.finish(1, Duration::ms(50), at(49));
  CHECK(sample.delivered == 1);
  CHECK_FALSE(sample.valid());
}

TEST_CASE("what an application did not send limits samples until it has arrived") {
  RateSampler sampler;
  sampler.limit(0);  // nothing in flight, nothing to send
  sampler.sent(at(0));
  sampler.sent(at(1));
  sampler.begin();
  sampler.leaves(at(0), 1000, true);
  CHECK(sampler.finish(1, Duration::ms(50), at(50)).applicationLimited);
  CHECK_FALSE(sampler.limited());  // 2 delivered, 1 was
  sampler.sent(at(51));
  sampler.begin();
  sampler.leaves(at(1), 2000, true);
  CHECK(sampler.finish(1, Duration::ms(50), at(52)).applicationLimited);  // sent while it was
  sampler.begin();
  sampler.leaves(at(51), 3000, true);
  CHECK_FALSE(sampler.finish(1, Duration::ms(50), at(102)).applicationLimited);
}

TEST_CASE("the largest of a window is kept by three samples") {
  WindowedMaximum<int> largest(10);
  largest.add(0, 100);
  largest.add(1, 50);   // less than a quarter of the window: no runner-up yet
  largest.add(3, 50);   // now it is
  largest.add(10, 60);  // a better one
  CHECK(largest.get() == 100);
  largest.add(11, 40);  // the first is too old
  CHECK(largest.get() == 60);
  largest.add(12, 70);
  CHECK(largest.get() == 70);
  largest.add(23, 10);  // nothing else within the window
  CHECK(largest.get() == 10);
}

TEST_CASE("rates have 24 binary places of packets a microsecond") {
  const PacketRate rate = PacketRate::of(10, Duration::ms(100));  // 1677.7 of them: 1677
  CHECK(rate.in(Duration::s(1)) == 99);
  CHECK(rate.inflated(Duration::ms(100), kGainUnit) == 10);
  CHECK(rate.inflated(Duration::ms(100), 739) == 29);  // 28.86
  CHECK(rate.paced(DataSize::bytes(1448), kGainUnit) == bytesPerSecond(143'290));
}

// ---- BBR ----------------------------------------------------------------------------------------

// A path that delivers in lumps of a round trip, and BBR beside it.
struct Path {
  explicit Path(std::int64_t rttMs)
      : rtt(Duration::ms(rttMs)), bbr(ticks, fabric::RandomStream("bbr test")) {
    bbr.start(window, sampler, rtt, flow());
  }
  Bbr::Flow flow() const {
    Bbr::Flow flow;
    flow.now = now;
    flow.ticks = ticks.at(now);
    flow.inFlight = inFlight;
    flow.lost = lostEver;
    flow.repair = repair;
    flow.smoothedRtt = rtt;
    return flow;
  }
  // A round trip passes, and so many packets are acknowledged and found lost at its end.
  void round(std::int64_t packets, std::int32_t lost = 0, bool limited = false) {
    step(rtt, packets, lost, limited);
  }
  void step(Duration time, std::int64_t packets, std::int32_t lost = 0, bool limited = false) {
    now += time;
    const std::int64_t before = sampler.delivered();
    for (std::int64_t i = 0; i < packets; ++i) {
      sampler.sent(now);
      sampler.leaves(now, i, true);
    }
    sampler.finish(static_cast<std::int32_t>(packets), Duration{}, now);
    RateSample sample;
    sample.delivered = packets;
    sample.interval = rtt;
    sample.priorDelivered = before;
    sample.applicationLimited = limited;
    sample.acknowledged = static_cast<std::int32_t>(packets);
    sample.lost = lost;
    sample.priorInFlight = inFlight;
    sample.rtt = rtt;
    lostEver += lost;
    bbr.acknowledged(window, sampler, sample, flow());
  }
  // 400 packets a second after growth by doubling: three rounds without more fill the pipe.
  void fill() {
    for (const int packets : {10, 20, 40, 40, 40, 40}) round(packets);
  }

  KernelTicks ticks;
  Duration rtt;
  TimePoint now;
  std::int32_t inFlight = 0;
  std::int64_t lostEver = 0;
  Bbr::Repair repair = Bbr::Repair::none;
  CongestionWindow window;
  RateSampler sampler;
  Bbr bbr;
};

TEST_CASE("in startup the rate is 2.887 times the bandwidth, and doubles with it") {
  Path path(100);
  CHECK(path.bbr.pacing() == bytesPerSecond(413'638));  // the initial window a round trip
  path.round(10);                                       // 100 packets a second
  CHECK(path.bbr.mode() == Bbr::Mode::startup);
  CHECK(path.bbr.pacingGain() == 739);  // 2885/1000 of 256, and one
  CHECK(path.bbr.pacing() == bytesPerSecond(413'638));
  CHECK(path.window.size == 20);
  path.round(20);
  CHECK(path.bbr.pacing() == bytesPerSecond(827'524));
  CHECK(path.window.size == 40);
  path.round(40);
  CHECK(path.bbr.pacing() == bytesPerSecond(1'655'048));
  // 116 packets are 2.887 times 40, and 3 x 2 for the hosts: 122, not reached yet.
  CHECK(path.window.size == 80);
  path.round(40);
  path.round(10, 0, true);
  CHECK(path.window.size == 130);  // it was under the target, and does not grow beyond
  path.round(10, 0, true);
  CHECK(path.window.size == 130);
}

TEST_CASE("three rounds that grow by less than a quarter fill the pipe") {
  Path path(100);
  path.inFlight = 200;
  for (const int packets : {10, 20, 40}) path.round(packets);
  path.round(45);
  path.round(20, 0, true);  // too little was sent: does not count
  path.round(46);
  CHECK_FALSE(path.bbr.pipeFilled());
  path.round(47);
  CHECK(path.bbr.pipeFilled());
  CHECK(path.bbr.mode() == Bbr::Mode::drain);
  CHECK(path.bbr.pacingGain() == 88);  // 1000/2885 of 256
  CHECK(path.window.threshold == 54);  // 47, and 6 for the hosts: 53, made even
  path.inFlight = 55;
  path.round(47);
  CHECK(path.bbr.mode() == Bbr::Mode::drain);
  path.inFlight = 54;
  path.round(47);
  CHECK(path.bbr.mode() == Bbr::Mode::probeBandwidth);
}

TEST_CASE("a growth of a quarter starts the count anew") {
  Path path(100);
  for (const int packets : {40, 40, 40, 50, 50, 50}) path.round(packets);
  CHECK_FALSE(path.bbr.pipeFilled());
  path.round(50);
  CHECK(path.bbr.pipeFilled());
}

TEST_CASE("probing for bandwidth goes 5/4, 3/4 and six times 1, a round trip each") {
  Path path(100);
  path.fill();
  REQUIRE(path.bbr.mode() == Bbr::Mode::probeBandwidth);
  CHECK(path.bbr.windowGain() == 512);
  path.inFlight = 200;  // enough for each phase to end by time
  std::vector<Gain> gains;
  for (int i = 0; i < 16; ++i) {
    path.step(Duration::ms(101), 40);
    gains.push_back(path.bbr.pacingGain());
  }
  std::size_t up = 0;
  while (gains[up] != 320) ++up;
  CHECK(up < 8);
  CHECK(gains[up + 1] == 192);
  for (std::size_t i = 2; i < 8; ++i) CHECK(gains[up + i] == 256);
  CHECK(gains[up + 8] == 320);
  // At 400 packets a second in 100 ms: twice 40, 6 for the hosts, and what is acknowledged in lumps
  // of a round trip, 40, which is what the bandwidth delivers in 100 ms, rounded down to 39: 125,
  // made even.
  while (path.bbr.pacingGain() != 256) path.step(Duration::ms(101), 40);
  CHECK(path.window.size == 126);
}

TEST_CASE("ten seconds without a smaller round trip lead to 200 ms with four packets") {
  Path path(100);
  path.fill();
  while (path.now < at(10'000)) path.round(40);
  CHECK(path.bbr.mode() == Bbr::Mode::probeBandwidth);
  path.inFlight = 8;
  path.round(40);
  REQUIRE(path.now == at(10'100));  // more than 2500 ticks
  CHECK(path.bbr.mode() == Bbr::Mode::probeRtt);
  CHECK(path.window.size == 4);
  CHECK(path.bbr.pacingGain() == 256);
  CHECK(path.sampler.limited());
  const Duration step = Duration::ms(20);
  path.step(step, 1, 0, true);  // still eight in flight: the time has not begun
  path.inFlight = 4;
  path.step(step, 1, 0, true);
  const TimePoint start = path.now;
  while (path.bbr.mode() == Bbr::Mode::probeRtt) {
    path.step(step, 1, 0, true);
    if (path.bbr.mode() == Bbr::Mode::probeRtt) CHECK(path.window.size == 4);
  }
  // 50 ticks of 4 ms, and the next acknowledgement behind them.
  CHECK(path.now - start == Duration::ms(220));
  CHECK(path.bbr.mode() == Bbr::Mode::probeBandwidth);
  CHECK(path.window.size >= 86);  // at once: twice 40, and 6 for the hosts
}

TEST_CASE("a smaller round trip within ten seconds puts that off") {
  Path path(100);
  path.fill();
  while (path.now < at(9'000)) path.round(40);
  path.rtt = Duration::ms(99);
  path.round(40);
  path.rtt = Duration::ms(100);
  while (path.now < at(19'000)) path.round(40);
  CHECK(path.bbr.mode() == Bbr::Mode::probeBandwidth);
  CHECK(path.bbr.smallestRtt() == Duration::ms(99));
  path.round(40);
  path.round(40);
  CHECK(path.bbr.mode() == Bbr::Mode::probeRtt);
  CHECK(path.bbr.smallestRtt() == Duration::ms(100));
}

TEST_CASE("a recovery sends one packet for each that arrives for a round, then restores") {
  Path path(100);
  path.fill();
  const std::int32_t before = path.window.size;
  path.bbr.reducedThreshold(path.window);  // the recovery begins
  path.repair = Bbr::Repair::recovery;
  path.inFlight = 30;
  path.step(Duration::ms(20), 2, 1);
  CHECK(path.window.size == 32);  // in flight, and what arrived
  path.repair = Bbr::Repair::none;
  path.step(Duration::ms(20), 2);
  CHECK(path.window.size >= before);
}

TEST_CASE("a time-out undone starts the search for a full pipe anew") {
  Path path(100);
  for (const int packets : {40, 40, 40}) path.round(packets);
  path.bbr.undone(path.sampler, 0);
  for (int i = 0; i < 3; ++i) path.round(40);
  CHECK_FALSE(path.bbr.pipeFilled());
  path.round(40);
  CHECK(path.bbr.pipeFilled());
}

TEST_CASE("after a pause BBR sends at the bandwidth, without a gain") {
  Path path(100);
  path.fill();
  while (path.bbr.pacingGain() != 320) path.step(Duration::ms(101), 40);
  CHECK(path.bbr.pacing() == path.bbr.bandwidth().paced(DataSize::bytes(1448), 320));
  path.bbr.sendsAgain(path.window, path.sampler, path.flow());
  CHECK(path.bbr.pacing() == path.bbr.bandwidth().paced(DataSize::bytes(1448), 320));
  path.sampler.limit(0);  // had the application paused
  path.bbr.sendsAgain(path.window, path.sampler, path.flow());
  CHECK(path.bbr.pacing() == path.bbr.bandwidth().paced(DataSize::bytes(1448), 256));
}

// ---- policers -----------------------------------------------------------------------------------

TEST_CASE("two lossy intervals with the same throughput are a policer") {
  PolicerEstimate estimate;
  PolicerEstimate::Totals totals{100, 0, at(0)};
  const auto round = [&](std::int64_t delivered, std::int32_t lost) {
    totals.delivered += delivered;
    totals.lost += lost;
    totals.deliveredAt += Duration::ms(100);
    estimate.observe(totals, true, lost, false);
  };
  round(40, 10);  // the first loss begins an interval
  for (int i = 0; i < 3; ++i) round(40, 10);
  CHECK_FALSE(estimate.found());              // 120 in 300 ms since then
  for (int i = 0; i < 3; ++i) round(44, 10);  // the second interval
  CHECK_FALSE(estimate.found());
  SECTION("if they differ by an eighth at most") {
    round(44, 10);
    CHECK(estimate.found());
    // 120 in 300 ms and 176 in 400 ms: 400 and 440 a second.
    CHECK(estimate.rate().in(Duration::s(100)) / 100 == 419);
    for (int i = 1; i < 48; ++i) CHECK_FALSE(estimate.outlived());
    CHECK(estimate.outlived());
  }
  SECTION("a loss of less than 50 in 256 is not") {
    PolicerEstimate other;
    totals = {100, 0, at(0)};
    for (int i = 0; i < 30; ++i) {
      totals.delivered += 40;
      totals.lost += 7;
      totals.deliveredAt += Duration::ms(100);
      other.observe(totals, true, 7, false);
    }
    CHECK_FALSE(other.found());
  }
}

}  // namespace
}  // namespace callflow::transport
