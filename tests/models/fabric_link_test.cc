// One link direction: queue, serialization, loss, jitter. Numbers by hand.
#include <ns3/rng-seed-manager.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "models/fabric/link.h"
#include "tests/models/link_support.h"

using namespace callflow;
using namespace callflow::fabric;

namespace {

void useSeed(std::uint32_t seed) {
  ns3::RngSeedManager::SetSeed(seed);
  ns3::RngSeedManager::SetRun(1);
}

}  // namespace

TEST_CASE("serialization, queueing and propagation of a link, to the nanosecond") {
  // 125 B are 1000 bit: 1 ms at 1 Mbit/s.
  Link link("l", plain(DataRate::mbps(1), Duration::ms(10)));
  const Transmission first = link.offer(packetOf(125), at(Duration::ms(5)));
  CHECK(first.verdict == LinkVerdict::delivered);
  CHECK(first.queueing == Duration{});
  CHECK(first.serialization == Duration::ms(1));
  CHECK(first.propagation == Duration::ms(10));
  CHECK(first.jitter == Duration{});
  CHECK(first.arrival == at(Duration::ms(16)));
  // 250 us later: waits for 750 us, then 0.5 ms of its own.
  const Transmission second = link.offer(packetOf(63), at(Duration::ms(5) + Duration::us(250)));
  CHECK(second.queueing == Duration::us(750));
  CHECK(second.serialization == Duration::us(504));
  CHECK(second.arrival == at(Duration::us(16'504)));
  // Idle again.
  const Transmission third = link.offer(packetOf(125), at(Duration::ms(7)));
  CHECK(third.queueing == Duration{});
  CHECK(link.counters().sent == 3);
  CHECK(link.counters().bytes == DataSize::bytes(313));
  CHECK(link.counters().busy == Duration::us(2504));
}

TEST_CASE("departures are rounded up to a nanosecond, and that does not add up") {
  // 800 bit at 3 Mbit/s: 266 666.67 ns; two take 533 333.33 ns, three 800 000 ns.
  Link link("l", plain(DataRate::mbps(3), Duration{}));
  CHECK(link.offer(packetOf(100), at(Duration{})).arrival == at(Duration::ns(266'667)));
  CHECK(link.offer(packetOf(100), at(Duration{})).arrival == at(Duration::ns(533'334)));
  const Transmission third = link.offer(packetOf(100), at(Duration{}));
  CHECK(third.arrival == at(Duration::us(800)));
  CHECK(third.queueing == Duration::ns(533'334));
  CHECK(third.serialization == Duration::ns(266'666));
  // A link that has been idle starts with a clean slate.
  CHECK(link.offer(packetOf(100), at(Duration::ms(1))).serialization == Duration::ns(266'667));
}

TEST_CASE("a link of unlimited rate has neither queue nor serialization") {
  Link link("l", plain(DataRate::unlimited(), Duration::ms(1)));
  for (int i = 0; i < 3; ++i) {
    const Transmission sent = link.offer(packetOf(1500), at(Duration{}));
    CHECK(sent.arrival == at(Duration::ms(1)));
    CHECK(sent.queueing == Duration{});
  }
  CHECK(link.counters().busy == Duration{});
}

TEST_CASE("a link without rate is down") {
  Link link("l", plain(DataRate{}, Duration::ms(1)));
  CHECK(link.offer(packetOf(100), at(Duration{})).verdict == LinkVerdict::down);
  CHECK(link.counters().downDrops == 1);
  CHECK(link.counters().sent == 0);
}

TEST_CASE("a queue in bytes holds exactly that many bytes") {
  // 100 B are 0.8 ms at 1 Mbit/s.
  LinkParameters parameters = plain(DataRate::mbps(1), Duration{});
  parameters.queue = DataSize::bytes(300);
  Link link("l", parameters);
  for (int i = 0; i < 3; ++i) {
    CHECK(link.offer(packetOf(100), at(Duration{})).verdict == LinkVerdict::delivered);
  }
  CHECK(link.offer(packetOf(100), at(Duration{})).verdict == LinkVerdict::queueFull);
  CHECK(link.offer(packetOf(100), at(Duration::ns(799'999))).verdict == LinkVerdict::queueFull);
  CHECK(link.offer(packetOf(100), at(Duration::us(800))).verdict == LinkVerdict::delivered);
  CHECK(link.offer(packetOf(1), at(Duration::us(800))).verdict == LinkVerdict::queueFull);
  CHECK(link.counters().queueDrops == 3);
  CHECK(link.counters().sent == 4);
}

TEST_CASE("rounding of serialization times does not eat into a queue in bytes") {
  // At 3 Mbit/s a packet of 100 B takes 266 666.67 ns.
  LinkParameters parameters = plain(DataRate::mbps(3), Duration{});
  parameters.queue = DataSize::bytes(1000);
  Link link("l", parameters);
  for (int i = 0; i < 10; ++i) {
    CHECK(link.offer(packetOf(100), at(Duration{})).verdict == LinkVerdict::delivered);
  }
  CHECK(link.offer(packetOf(1), at(Duration{})).verdict == LinkVerdict::queueFull);
}

TEST_CASE("a queue in time bounds waiting and serialization together") {
  // 125 B take 1 ms.
  LinkParameters parameters = plain(DataRate::mbps(1), Duration{});
  parameters.queue = Duration::ms(2);
  Link link("l", parameters);
  CHECK(link.offer(packetOf(125), at(Duration{})).verdict == LinkVerdict::delivered);
  CHECK(link.offer(packetOf(125), at(Duration{})).verdict == LinkVerdict::delivered);
  CHECK(link.offer(packetOf(125), at(Duration{})).verdict == LinkVerdict::queueFull);
  CHECK(link.offer(packetOf(125), at(Duration::us(999))).verdict == LinkVerdict::queueFull);
  CHECK(link.offer(packetOf(125), at(Duration::ms(1))).queueing == Duration::ms(1));
}

TEST_CASE("the usual queue is 50 ms, and ten full packets on a slow line") {
  const auto taken = [](DataRate rate) {
    LinkParameters parameters = plain(rate, Duration{});
    parameters.queue.reset();
    Link link("l", parameters);
    int packets = 0;
    while (link.offer(packetOf(1500), at(Duration{})).verdict == LinkVerdict::delivered) ++packets;
    return packets;
  };
  CHECK(taken(DataRate::kbps(50)) == 10);
  CHECK(taken(DataRate::kbps(450)) == 10);
  CHECK(taken(DataRate::kbps(2400)) == 10);  // 15 kB take 50 ms
  CHECK(taken(DataRate::mbps(24)) == 100);
}

TEST_CASE("an idle link takes a packet that is larger than its queue") {
  LinkParameters parameters = plain(DataRate::mbps(1), Duration{});
  parameters.queue = DataSize::bytes(50);
  Link link("l", parameters);
  CHECK(link.offer(packetOf(100), at(Duration{})).verdict == LinkVerdict::delivered);
  CHECK(link.offer(packetOf(10), at(Duration{})).verdict == LinkVerdict::queueFull);
  // After 0.5 ms 37.5 B of it are left.
  CHECK(link.offer(packetOf(13), at(Duration::us(500))).verdict == LinkVerdict::queueFull);
  CHECK(link.offer(packetOf(12), at(Duration::us(500))).verdict == LinkVerdict::delivered);
}

TEST_CASE("jitter keeps the order unless asked, and its parts add up") {
  useSeed(1);
  const bool reorder = GENERATE(false, true);
  LinkParameters parameters = plain(DataRate::mbps(10), Duration::ms(5));
  parameters.jitter = {Duration::ms(3), JitterDistribution::exponential, reorder};
  Link link("l", parameters);
  TimePoint last;
  int overtakes = 0;
  Duration offered;
  for (int i = 0; i < 10'000; ++i) {
    offered = Duration::us(500) * i;
    const Transmission sent = link.offer(packetOf(200), at(offered));
    CHECK(at(offered) + sent.queueing + sent.serialization + sent.propagation + sent.jitter ==
          sent.arrival);
    CHECK(sent.jitter >= Duration{});
    if (sent.arrival < last) ++overtakes;
    last = sent.arrival;
  }
  CHECK((overtakes > 1000) == reorder);
  CHECK((overtakes == 0) == !reorder);
}

TEST_CASE("jitter has the mean asked for, in each distribution") {
  useSeed(2);
  // Standard deviation over mean: 1; 1/sqrt(3); sqrt(pi/2 - 1).
  const auto [distribution, spread] =
      GENERATE(table<JitterDistribution, double>({{JitterDistribution::exponential, 1.0},
                                                  {JitterDistribution::uniform, 0.57735},
                                                  {JitterDistribution::halfNormal, 0.75551}}));
  RandomStream random("jitter test");
  constexpr int draws = 200'000;
  double sum = 0;
  double squares = 0;
  double largest = 0;
  for (int i = 0; i < draws; ++i) {
    const Duration jitter = drawJitter({Duration::ms(2), distribution, false}, random);
    REQUIRE(jitter >= Duration{});
    const double ratio = jitter.milliseconds() / 2;
    sum += ratio;
    squares += ratio * ratio;
    largest = std::max(largest, ratio);
  }
  const double mean = sum / draws;
  CHECK(mean == Approx(1).margin(5 * spread / std::sqrt(draws)));
  CHECK(std::sqrt(squares / draws - mean * mean) == Approx(spread).epsilon(0.02));
  // Of 200 000: the uniform one ends at 2; the others reach ln(n) = 12.2 and 4.6 sigma = 5.7 or
  // thereabouts.
  if (distribution == JitterDistribution::uniform) {
    CHECK(largest <= 2);
    CHECK(largest > 1.999);
  } else {
    CHECK(largest > 4);
  }
}

TEST_CASE("a lost packet has used the wire, and the next one waits for it") {
  LinkParameters parameters = plain(DataRate::mbps(1), Duration::ms(10));
  parameters.loss.drop = {1};
  Link link("l", parameters);
  CHECK(link.offer(packetOf(125), at(Duration{})).verdict == LinkVerdict::lost);
  CHECK(link.offer(packetOf(125), at(Duration{})).arrival == at(Duration::ms(12)));
  CHECK(link.counters().sent == 2);
  CHECK(link.counters().lost == 1);
  CHECK(link.counters().busy == Duration::ms(2));
}

TEST_CASE("the n-th new media packets are lost, once each; others are not counted") {
  LinkParameters parameters = plain(DataRate::unlimited(), Duration::ms(1));
  parameters.loss.drop = {4, 2};
  Link link("l", parameters);
  link.expectChanges();
  Packet other = packetOf(100);
  other.flags = 0;
  Packet again = packetOf(100);
  again.flags = packet_flag::kMedia;
  std::vector<bool> lost;
  const auto offer = [&](const Packet& packet) {
    lost.push_back(link.offer(packet, at(Duration{})).verdict == LinkVerdict::lost);
  };
  offer(packetOf(100));  // 1
  offer(other);
  offer(again);
  offer(packetOf(100));  // 2: lost
  offer(again);
  offer(packetOf(100));  // 3
  // A change of something else does not start the count anew.
  parameters.delay = Duration::ms(2);
  link.change(parameters, TimePoint{});
  offer(packetOf(100));  // 4: lost
  offer(packetOf(100));  // 5
  CHECK(lost == std::vector<bool>{false, false, false, true, false, false, true, false});
}

TEST_CASE("independent losses come with the rate asked for") {
  useSeed(3);
  LinkParameters parameters = plain(DataRate::unlimited(), Duration{});
  parameters.loss.mean = Ratio::percent(3);
  Link link("l", parameters);
  constexpr int packets = 200'000;
  for (int i = 0; i < packets; ++i) link.offer(packetOf(100), at(Duration::us(i)));
  const double share = static_cast<double>(link.counters().lost) / packets;
  CHECK(share == Approx(0.03).margin(5 * std::sqrt(0.03 * 0.97 / packets)));
}

TEST_CASE("a mean loss of 100 % loses everything, of 0 % nothing") {
  const bool burst = GENERATE(false, true);
  const int percent = GENERATE(0, 100);
  LinkParameters parameters = plain(DataRate::unlimited(), Duration{});
  parameters.loss.mean = Ratio::percent(percent);
  if (burst) parameters.loss.burst = Duration::ms(60);
  Link link("l", parameters);
  for (int i = 0; i < 100; ++i) link.offer(packetOf(100), at(Duration::ms(i)));
  CHECK(link.counters().lost == percent);
}

namespace {

std::vector<bool> lossesOf(Link& link, std::uint32_t stream, int packets, int others) {
  std::vector<bool> lost;
  Packet media = packetOf(100);
  media.stream = stream;
  Packet other = packetOf(40);
  other.flags = 0;
  for (int i = 0; i < packets; ++i) {
    for (int k = 0; k < others; ++k) link.offer(other, at(Duration::ms(20) * i));
    lost.push_back(link.offer(media, at(Duration::ms(20) * i)).verdict == LinkVerdict::lost);
  }
  return lost;
}

}  // namespace

TEST_CASE("a stream sees the same losses whatever else crosses the link") {
  useSeed(4);
  LinkParameters parameters = plain(DataRate::unlimited(), Duration::ms(1));
  parameters.loss.mean = Ratio::percent(20);
  Link alone("uplink up", parameters);
  Link shared("uplink up", parameters);
  Link elsewhere("uplink down", parameters);
  const std::vector<bool> expected = lossesOf(alone, 1, 200, 0);
  lossesOf(shared, 2, 50, 3);
  CHECK(lossesOf(shared, 1, 200, 2) == expected);
  CHECK(lossesOf(elsewhere, 1, 200, 0) != expected);
  Link otherStream("uplink up", parameters);
  CHECK(lossesOf(otherStream, 2, 200, 0) != expected);
  // More loss loses the same packets and more.
  parameters.loss.mean = Ratio::percent(30);
  Link worse("uplink up", parameters);
  const std::vector<bool> more = lossesOf(worse, 1, 200, 0);
  for (std::size_t i = 0; i < more.size(); ++i) CHECK((more[i] || !expected[i]));
  // Another seed, other losses.
  useSeed(5);
  Link reseeded("uplink up", parameters);
  CHECK(lossesOf(reseeded, 1, 200, 0) != more);
}
