// Packet shapers: token buckets, classes and the box itself. Numbers by hand.
#include <ns3/simulator.h>

#include <array>
#include <catch2/catch.hpp>
#include <deque>
#include <vector>

#include "models/fabric/fabric.h"
#include "models/fabric/random.h"
#include "models/shaper/box.h"
#include "models/shaper/token_bucket.h"
#include "tests/models/fabric_support.h"
#include "tests/support/show_units.h"

using namespace callflow;
using namespace callflow::fabric;
using namespace callflow::fabric::testing;
using namespace callflow::shaper;

namespace {

TrafficClass classOf(std::uint8_t dscp, bool strict, int share, int ceiling = 100) {
  TrafficClass result;
  if (dscp > 0) result.dscp = {wire::Dscp{dscp}};
  result.strict = strict;
  result.share = Ratio::percent(share);
  result.ceiling = Ratio::percent(ceiling);
  return result;
}

Shaping shapingOf(DataRate rate, std::vector<TrafficClass> classes = {}) {
  Shaping result;
  result.rate = rate;
  result.burst = DataSize::bytes(3000);
  result.queue = Duration::s(10);
  result.classes = std::move(classes);
  return result;
}

// alice - shaper - bob, no delay of its own.
struct Shaped {
  explicit Shaped(const Shaping& up) : box({up, Shaping{}}, "shape") {
    fabric.setRoute(a, bob, fabric.addRoute(std::array{ax, xb}));
    fabric.setBox(x, &box);
    fabric.bind(b, Protocol::udp, 0, &receiver);
    fabric.addDropObserver(&drops);
  }
  void sendAt(Duration when, std::uint16_t size, std::uint32_t number, std::uint8_t dscp = 0,
              std::uint16_t destination = port) {
    ns3::Simulator::Schedule(toNs3(when), [=, this] {
      Packet packet = packetTo(bob, size, number);
      packet.dscp = dscp & wire::kLargestDscp;
      packet.destinationPort = destination;
      fabric.send(a, packet);
    });
  }
  SimulatorSession session;
  Fabric fabric{session.simulator()};
  NodeId a = fabric.addNode("alice"), x = fabric.addNode("shape"), b = fabric.addNode("bob");
  LinkId ax = fabric.addLink(a, x, {}, "ax", Side::inside);
  LinkId xb = fabric.addLink(x, b, {}, "xb", Side::inside);
  ShaperBox box;
  Receiver receiver{fabric};
  fabric::testing::Drops drops;
};

}  // namespace

TEST_CASE("a token bucket lets a burst by and then its rate, to the nanosecond") {
  // 8 Mbit/s is a byte a microsecond.
  TokenBucket bucket(DataRate::mbps(8), DataSize::bytes(3000));
  const TimePoint start = TimePoint::at(Duration::ms(7));
  for (int i = 0; i < 2; ++i) {
    CHECK(bucket.conformsAt(DataSize::bytes(1500), start) == start);
    bucket.take(DataSize::bytes(1500), start);
  }
  CHECK(bucket.conformsAt(DataSize::bytes(1500), start) == start + Duration::us(1500));
  CHECK(bucket.conformsAt(DataSize::bytes(40), start + Duration::us(10)) ==
        start + Duration::us(40));
  // A rest fills it to the brim and not beyond.
  const TimePoint later = start + Duration::s(100);
  bucket.take(DataSize::bytes(3000), later);
  CHECK(bucket.conformsAt(DataSize::bytes(1), later) == later + Duration::us(1));
  // What is larger than the burst needs a full bucket, and leaves a debt.
  CHECK(bucket.conformsAt(DataSize::bytes(9000), later) == later + Duration::us(3000));
  bucket.take(DataSize::bytes(9000), later + Duration::us(3000));
  CHECK(bucket.conformsAt(DataSize::bytes(1), later + Duration::us(3000)) ==
        later + Duration::us(9001));
  // 1 byte at 3 bit/s takes 8/3 s: rounded up.
  TokenBucket slow(DataRate::bitsPerSecond(3), DataSize::bytes(1));
  slow.take(DataSize::bytes(1), TimePoint{});
  CHECK(slow.conformsAt(DataSize::bytes(1), TimePoint{}) ==
        TimePoint::at(Duration::ns(2'666'666'667)));
}

TEST_CASE("no window sees more of a token bucket than rate x time + burst") {
  SimulatorSession session;
  RandomStream random("token bucket windows");
  for (int run = 0; run < 200; ++run) {
    const DataRate rate =
        DataRate::bitsPerSecond(1'000 + static_cast<std::int64_t>(random.uniform() * 1e8));
    const DataSize burst =
        DataSize::bytes(1500 + static_cast<std::int64_t>(random.uniform() * 20'000));
    TokenBucket bucket(rate, burst);
    std::vector<std::pair<TimePoint, std::int64_t>> sent;
    TimePoint now;
    for (int i = 0; i < 60; ++i) {
      now += random.exponential(transmissionTime(DataSize::bytes(800), rate));
      const DataSize size =
          DataSize::bytes(40 + static_cast<std::int64_t>(random.uniform() * 1460));
      now = bucket.conformsAt(size, now);
      bucket.take(size, now);
      sent.emplace_back(now, size.count());
    }
    bool kept = true;
    for (std::size_t i = 0; i < sent.size(); ++i) {
      std::int64_t bytes = 0;
      for (std::size_t j = i; j < sent.size(); ++j) {
        bytes += sent[j].second;
        const Int128 most = Int128{rate.count()} * (sent[j].first - sent[i].first).count() +
                            Int128{burst.count()} * 8'000'000'000;
        kept &= Int128{bytes} * 8'000'000'000 <= most;
      }
    }
    CHECK(kept);
  }
}

TEST_CASE("a shaper lets the burst by, then a packet each time the rate has room") {
  Shaped net(shapingOf(DataRate::mbps(8)));
  for (std::uint32_t i = 0; i < 5; ++i) net.sendAt(Duration::ms(1), 1000, i);
  ns3::Simulator::Run();
  REQUIRE(net.receiver.arrivals.size() == 5);
  const int expected[] = {1000, 1000, 1000, 2000, 3000};
  for (std::size_t i = 0; i < 5; ++i) {
    INFO(i);
    CHECK(net.receiver.arrivals[i].sequence == i);
    CHECK(net.receiver.arrivals[i].when == TimePoint::at(Duration::us(expected[i])));
    CHECK(part(net.receiver.arrivals[i], DelayPart::queueing) == Duration::us(expected[i] - 1000));
  }
  REQUIRE(net.receiver.arrivals[4].waits.size() == 1);
  CHECK(net.receiver.arrivals[4].waits[0].link == net.fabric.holdingPlace(net.x));
  REQUIRE(net.box.counts().size() == 1);
  CHECK(net.box.counts()[0].pass);
  CHECK(net.box.counts()[0].packets == 5);
}

TEST_CASE("a policer drops what the burst has no room for, and delays nothing") {
  Shaping shaping = shapingOf(DataRate::mbps(8));
  shaping.excess = Excess::drop;
  Shaped net(shaping);
  for (std::uint32_t i = 0; i < 5; ++i) net.sendAt(Duration::ms(1), 1000, i);
  net.sendAt(Duration::us(1999), 1000, 5);  // 999 B have come in
  net.sendAt(Duration::us(2000), 1000, 6);
  ns3::Simulator::Run();
  REQUIRE(net.receiver.arrivals.size() == 4);
  CHECK(net.receiver.arrivals[3].sequence == 6);
  for (const auto& arrival : net.receiver.arrivals) CHECK(arrival.total == Duration{});
  REQUIRE(net.drops.seen.size() == 3);
  CHECK(net.box.describeReason(net.drops.seen[0].reason) == "dropped (outbound): over its rate");
}

TEST_CASE("a full queue drops, and says of which class") {
  Shaping shaping = shapingOf(DataRate::mbps(8), {classOf(46, true, 100), classOf(0, false, 100)});
  shaping.queue = DataSize::bytes(2000);
  Shaped net(shaping);
  // 3 leave at once, two wait, of which one is looked at already, three are dropped.
  for (std::uint32_t i = 0; i < 8; ++i) net.sendAt(Duration::ms(1), 1000, i);
  ns3::Simulator::Run();
  CHECK(net.receiver.arrivals.size() == 5);
  REQUIRE(net.drops.seen.size() == 3);
  CHECK(net.box.describeReason(net.drops.seen[0].reason) ==
        "dropped (outbound, class 2): its queue is full");
}

TEST_CASE("a strict class goes first, a packet at a time") {
  Shaped net(shapingOf(DataRate::mbps(8), {classOf(46, true, 100), classOf(0, false, 100)}));
  for (std::uint32_t i = 0; i < 6; ++i) net.sendAt(Duration::ms(1), 1000, i);
  net.sendAt(Duration::us(1500), 500, 10, 46);
  ns3::Simulator::Run();
  REQUIRE(net.receiver.arrivals.size() == 7);
  // 0, 1, 2 at once; 500 B have come in when the marked one comes, which takes them.
  CHECK(net.receiver.arrivals[3].sequence == 10);
  CHECK(net.receiver.arrivals[3].when == TimePoint::at(Duration::us(1500)));
  CHECK(net.receiver.arrivals[4].when == TimePoint::at(Duration::us(2500)));
}

TEST_CASE("classes get their shares within 1 %, and take what the others leave") {
  const auto bytesBy = [](const Shaping& shaping, int flows, int active) {
    Shaped net(shaping);
    for (int c = 0; c < active; ++c) {
      const std::uint16_t size = static_cast<std::uint16_t>(400 + 500 * c);
      for (int i = 0; i < 20'000; ++i) {
        net.sendAt(Duration::us(100 + 100 * std::int64_t{i}), size, static_cast<std::uint32_t>(c),
                   static_cast<std::uint8_t>(c + 1));
      }
    }
    ns3::Simulator::Stop(toNs3(Duration::ms(2000)));
    ns3::Simulator::Run();
    std::vector<double> bytes(static_cast<std::size_t>(flows));
    for (const auto& arrival : net.receiver.arrivals) {
      bytes[arrival.sequence] += 400 + 500 * arrival.sequence;
    }
    return bytes;
  };
  const Shaping three = shapingOf(
      DataRate::mbps(8), {classOf(1, false, 50), classOf(2, false, 30), classOf(3, false, 20)});
  // 2 MB in 2 s; each class offers at least 8 MB.
  const auto all = bytesBy(three, 3, 3);
  const double sum = all[0] + all[1] + all[2];
  CHECK(sum == Approx(2'000'000).epsilon(0.01));
  CHECK(all[0] / sum == Approx(0.5).epsilon(0.01));
  CHECK(all[1] / sum == Approx(0.3).epsilon(0.01));
  CHECK(all[2] / sum == Approx(0.2).epsilon(0.01));
  const auto two = bytesBy(three, 3, 2);
  CHECK(two[0] / (two[0] + two[1]) == Approx(5.0 / 8).epsilon(0.01));
  CHECK(two[0] + two[1] == Approx(2'000'000).epsilon(0.01));
  // A strict class keeps to its ceiling, and so does one alone.
  const Shaping ceiling =
      shapingOf(DataRate::mbps(8), {classOf(1, true, 100, 30), classOf(2, false, 100)});
  const auto strict = bytesBy(ceiling, 2, 2);
  CHECK(strict[0] == Approx(600'000).epsilon(0.01));
  CHECK(strict[1] == Approx(1'400'000).epsilon(0.01));
  CHECK(bytesBy(ceiling, 2, 1)[0] == Approx(600'000).epsilon(0.01));
}

TEST_CASE("classes are told by mark, protocol and either port, and mark what leaves") {
  TrafficClass media = classOf(0, true, 100);
  media.ports = {wire::PortRange{3478, 3481}};
  media.protocol = wire::RuleProtocol::udp;
  media.mark = wire::Dscp{46};
  const Classes classes(
      shapingOf(DataRate::mbps(1), {media, classOf(34, false, 50), classOf(0, false, 50)}), "c");
  Packet packet = packetTo(bob, 100, 1);
  CHECK(classes.of(packet) == 2);
  packet.dscp = 34;
  CHECK(classes.of(packet) == 1);
  packet.sourcePort = 3480;
  CHECK(classes.of(packet) == 0);
  packet.protocol = Protocol::tcp;
  CHECK(classes.of(packet) == 1);

  Shaped net(shapingOf(DataRate::mbps(1), {media, classOf(0, false, 100)}));
  std::vector<int> marks;
  net.receiver.then = [&](PacketId, Packet& arrived) { marks.push_back(arrived.dscp); };
  net.sendAt(Duration::ms(1), 100, 1, 10, 3478);
  net.sendAt(Duration::ms(2), 100, 2, 10, 9);
  ns3::Simulator::Run();
  CHECK(marks == std::vector<int>{46, 10});
}

TEST_CASE("a token bucket whose rate changes keeps what it holds, and what it owes") {
  // 8 Mbit/s is a byte a microsecond, 4 Mbit/s half of one.
  const TimePoint start = TimePoint::at(Duration::ms(7));
  TokenBucket bucket(DataRate::mbps(8), DataSize::bytes(3000));
  bucket.take(DataSize::bytes(3000), start);
  const TimePoint changed = start + Duration::us(1000);  // it holds 1000 B
  bucket.change(DataRate::mbps(4), DataSize::bytes(3000), changed);
  CHECK(bucket.conformsAt(DataSize::bytes(1000), changed) == changed);
  CHECK(bucket.conformsAt(DataSize::bytes(1500), changed) == changed + Duration::us(1000));
  // A bucket that is less deep spills what it has too much of.
  const TimePoint full = start + Duration::s(1);
  bucket.change(DataRate::mbps(4), DataSize::bytes(1600), full);
  bucket.take(DataSize::bytes(1600), full);
  CHECK(bucket.conformsAt(DataSize::bytes(1), full) == full + Duration::us(2));
  // A deeper one is not fuller for it: 1600 B are owed after 3200 B were taken of a full one.
  TokenBucket owing(DataRate::mbps(8), DataSize::bytes(1600));
  owing.take(DataSize::bytes(3200), start);
  owing.change(DataRate::mbps(16), DataSize::bytes(5000), start);
  CHECK(owing.conformsAt(DataSize::bytes(400), start) == start + Duration::us(1000));
}

TEST_CASE("what waits in a shaper goes on at its new rate") {
  // 8 Mbit/s, a byte a microsecond, with a burst of 3000 B. Of ten packets of 1500 B two leave at
  // once, the third at 1.5 ms. At 2 ms the bucket holds 500 B.
  const auto arrivals = [](DataRate rate) {
    Shaped shaped(shapingOf(DataRate::mbps(8)));
    for (std::uint32_t i = 0; i < 10; ++i) shaped.sendAt(Duration{}, 1500, i);
    ns3::Simulator::Schedule(toNs3(Duration::ms(2)), [&] {
      shaped.box.change({.rate = rate, .queue = {}}, {}, TimePoint::at(Duration::ms(2)));
    });
    ns3::Simulator::Run();
    std::vector<Duration> at;
    for (const auto& each : shaped.receiver.arrivals) at.push_back(each.when.sinceStart());
    CHECK(shaped.drops.seen.empty());
    return at;
  };
  // At 2 Mbit/s 1000 B more take 4 ms, and each 1500 B 6 ms.
  std::vector<Duration> slower{Duration{}, Duration{}, Duration::us(1500)};
  for (int i = 0; i < 7; ++i) slower.push_back(Duration::ms(6 + 6 * i));
  CHECK(arrivals(DataRate::mbps(2)) == slower);
  // At 16 Mbit/s 1000 B more take 0.5 ms, sooner than it would have been woken; 1500 B 0.75 ms.
  std::vector<Duration> faster{Duration{}, Duration{}, Duration::us(1500)};
  for (int i = 0; i < 7; ++i) faster.push_back(Duration::us(2500 + 750 * i));
  CHECK(arrivals(DataRate::mbps(16)) == faster);
  // All the rest leave at once.
  std::vector<Duration> free{Duration{}, Duration{}, Duration::us(1500)};
  for (int i = 0; i < 7; ++i) free.push_back(Duration::ms(2));
  CHECK(arrivals(DataRate::unlimited()) == free);
}

TEST_CASE("a shaper's queue that becomes shorter keeps what is in it and takes no more") {
  // 8 Mbit/s: of eight packets of 1500 B two leave at once, one at 1.5 ms; five wait at 2 ms, 7500
  // B. A queue of 6000 B has room again for what comes at 6.2 ms, when three of them have left.
  Shaped shaped(shapingOf(DataRate::mbps(8)));
  for (std::uint32_t i = 0; i < 8; ++i) shaped.sendAt(Duration{}, 1500, i);
  ns3::Simulator::Schedule(toNs3(Duration::ms(2)), [&] {
    shaped.box.change({.rate = {}, .queue = DataSize::bytes(6000)}, {},
                      TimePoint::at(Duration::ms(2)));
  });
  shaped.sendAt(Duration::us(2100), 1500, 8);
  shaped.sendAt(Duration::us(6200), 1500, 9);
  ns3::Simulator::Run();
  REQUIRE(shaped.receiver.arrivals.size() == 9);
  CHECK(shaped.receiver.arrivals[7].when == TimePoint::at(Duration::ms(9)));
  CHECK(shaped.receiver.arrivals[8].when == TimePoint::at(Duration::us(10'500)));
  CHECK(shaped.drops.seen.size() == 1);
}

TEST_CASE("classes keep their share of a rate that changes") {
  // A class of at most half of 16 Mbit/s, a byte a microsecond, and half of 4 Mbit/s from 2 ms on.
  // Its own bucket of 3000 B: two leave at once, the third at 1.5 ms; 500 B are there at 2 ms, and
  // 1000 B more take 4 ms at 2 Mbit/s.
  Shaped shaped(
      shapingOf(DataRate::mbps(16), {classOf(46, true, 100, 50), classOf(0, false, 100)}));
  for (std::uint32_t i = 0; i < 4; ++i) shaped.sendAt(Duration{}, 1500, i, 46);
  ns3::Simulator::Schedule(toNs3(Duration::ms(2)), [&] {
    shaped.box.change({.rate = DataRate::mbps(4), .queue = {}}, {}, TimePoint::at(Duration::ms(2)));
  });
  ns3::Simulator::Run();
  REQUIRE(shaped.receiver.arrivals.size() == 4);
  CHECK(shaped.receiver.arrivals[2].when == TimePoint::at(Duration::us(1500)));
  CHECK(shaped.receiver.arrivals[3].when == TimePoint::at(Duration::ms(6)));
}
