// A link whose parameters change while packets wait for it or are on it. Numbers by hand: 125 B are
// 1000 bit, 1 ms at 1 Mbit/s.
#include <ns3/rng-seed-manager.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <random>
#include <vector>

#include "models/fabric/link.h"
#include "tests/models/link_support.h"

using namespace callflow;
using namespace callflow::fabric;

namespace {

LinkParameters queued(DataRate rate, DataSize queue) {
  LinkParameters parameters = plain(rate, Duration{});
  parameters.queue = queue;
  return parameters;
}

Link changing(const LinkParameters& parameters) {
  Link link("l", parameters);
  link.expectChanges();
  return link;
}

// Offers packets 1 to `count` of 125 B at zero, of which the k-th departs k ms later at 1 Mbit/s.
void fill(Link& link, std::uint32_t count) {
  for (std::uint32_t i = 1; i <= count; ++i) {
    REQUIRE(link.offer(packetOf(125), at(Duration{}), PacketId{i}).verdict ==
            LinkVerdict::delivered);
  }
}

const Retiming& of(const std::vector<Retiming>& all, std::uint32_t id) {
  for (const Retiming& one : all) {
    if (one.id == PacketId{id}) return one;
  }
  FAIL("packet " << id << " was not timed anew");
  return all.front();
}

}  // namespace

TEST_CASE("when the rate rises, what waits drains at the new rate") {
  Link link = changing(plain(DataRate::mbps(1), Duration::ms(10)));
  fill(link, 3);
  // Half of the first is sent: 500 bit are left, then twice 1000, at 2 Mbit/s.
  const auto changes =
      link.change(plain(DataRate::mbps(2), Duration::ms(10)), at(Duration::us(500)));
  REQUIRE(changes.size() == 3);
  CHECK(of(changes, 1).arrival == at(Duration::us(10'750)));
  CHECK(of(changes, 1).queueing == Duration{});
  CHECK(of(changes, 1).serialization == -Duration::us(250));
  CHECK(of(changes, 2).arrival == at(Duration::us(11'250)));
  CHECK(of(changes, 2).queueing == -Duration::us(250));
  CHECK(of(changes, 2).serialization == -Duration::us(500));
  CHECK(of(changes, 3).arrival == at(Duration::us(11'750)));
  CHECK(of(changes, 3).queueing == -Duration::us(750));
  CHECK(of(changes, 3).jitter == Duration{});
  // What comes now waits for what is left of it.
  const Transmission next = link.offer(packetOf(125), at(Duration::us(500)), PacketId{4});
  CHECK(next.queueing == Duration::us(1250));
  CHECK(next.serialization == Duration::us(500));
  CHECK(next.arrival == at(Duration::us(12'250)));
  CHECK(link.counters().busy == Duration::us(2250));
}

TEST_CASE("when the rate falls, what waits takes longer") {
  Link link = changing(plain(DataRate::mbps(1), Duration::ms(10)));
  fill(link, 3);
  const auto changes =
      link.change(plain(DataRate::kbps(500), Duration::ms(10)), at(Duration::us(500)));
  // 500 bit take 1 ms, 1000 take 2.
  CHECK(of(changes, 1).arrival == at(Duration::us(11'500)));
  CHECK(of(changes, 1).serialization == Duration::us(500));
  CHECK(of(changes, 2).arrival == at(Duration::us(13'500)));
  CHECK(of(changes, 3).arrival == at(Duration::us(15'500)));
  CHECK(of(changes, 3).queueing == Duration::us(1500));  // 3.5 ms, not 2
}

TEST_CASE("a link that goes down keeps what waits, and goes on with it when it is up again") {
  Link link = changing(plain(DataRate::mbps(1), Duration::ms(10)));
  fill(link, 3);
  auto changes = link.change(plain(DataRate{}, Duration::ms(10)), at(Duration::us(1500)));
  // The first has left, half of the second is sent.
  REQUIRE(changes.size() == 2);
  CHECK_FALSE(of(changes, 2).arrival.has_value());
  CHECK_FALSE(of(changes, 3).arrival.has_value());
  CHECK(link.offer(packetOf(125), at(Duration::ms(50)), PacketId{9}).verdict == LinkVerdict::down);
  // A change that leaves it down changes nothing.
  changes = link.change(plain(DataRate{}, Duration::ms(30)), at(Duration::ms(60)));
  CHECK(changes.size() == (changes.empty() ? 0 : 2));
  for (const Retiming& one : changes) CHECK_FALSE(one.arrival.has_value());
  changes = link.change(plain(DataRate::mbps(1), Duration::ms(10)), at(Duration::us(101'500)));
  REQUIRE(changes.size() == 2);
  CHECK(of(changes, 2).arrival == at(Duration::ms(112)));
  CHECK(of(changes, 2).serialization == Duration{});  // what it takes on the wire, as before
  CHECK(of(changes, 2).queueing == Duration::ms(100));
  CHECK(of(changes, 3).arrival == at(Duration::ms(113)));
  CHECK(of(changes, 3).queueing == Duration::ms(100));
  CHECK(link.offer(packetOf(125), at(Duration::us(102'500)), PacketId{4}).queueing ==
        Duration::us(500));
  CHECK(link.counters().downDrops == 1);
  CHECK(link.counters().busy == Duration::ms(4));
}

TEST_CASE("at a rate without limit, what waits leaves at once") {
  Link link = changing(plain(DataRate::mbps(1), Duration::ms(10)));
  fill(link, 3);
  const auto changes =
      link.change(plain(DataRate::unlimited(), Duration::ms(10)), at(Duration::us(500)));
  for (std::uint32_t i = 1; i <= 3; ++i) {
    CHECK(of(changes, i).arrival == at(Duration::us(10'500)));
  }
  CHECK(of(changes, 1).serialization == -Duration::us(500));
  CHECK(of(changes, 3).serialization == -Duration::ms(1));
  // And back: nothing waits.
  CHECK(link.change(plain(DataRate::mbps(1), Duration::ms(10)), at(Duration::us(500))).empty());
  CHECK(link.offer(packetOf(125), at(Duration::us(500))).queueing == Duration{});
}

TEST_CASE("after a change of rate the queue's limit counts what really waits") {
  Link link = changing(queued(DataRate::mbps(1), DataSize::bytes(375)));
  fill(link, 3);
  CHECK(link.offer(packetOf(125), at(Duration::us(500))).verdict == LinkVerdict::queueFull);
  link.change(queued(DataRate::mbps(2), DataSize::bytes(375)), at(Duration::us(500)));
  // 62.5 + 125 + 125 B wait.
  CHECK(link.offer(packetOf(63), at(Duration::us(500))).verdict == LinkVerdict::queueFull);
  CHECK(link.offer(packetOf(62), at(Duration::us(500)), PacketId{4}).verdict ==
        LinkVerdict::delivered);
  // 0.5 ms later 125 B less.
  CHECK(link.offer(packetOf(126), at(Duration::ms(1))).verdict == LinkVerdict::queueFull);
  CHECK(link.offer(packetOf(125), at(Duration::ms(1)), PacketId{5}).verdict ==
        LinkVerdict::delivered);
  // To a quarter of the rate: the same bytes, and the same limit.
  link.change(queued(DataRate::kbps(500), DataSize::bytes(375)), at(Duration::ms(1)));
  CHECK(link.offer(packetOf(1), at(Duration::ms(1))).verdict == LinkVerdict::queueFull);
  CHECK(link.offer(packetOf(125), at(Duration::ms(3)), PacketId{6}).verdict ==
        LinkVerdict::delivered);
}

TEST_CASE("a queue whose limit shrinks keeps what it has, and takes no more until that is less") {
  Link link = changing(queued(DataRate::mbps(1), DataSize::bytes(500)));
  fill(link, 3);
  CHECK(
      link.change(queued(DataRate::mbps(1), DataSize::bytes(200)), at(Duration::us(500))).empty());
  CHECK(link.offer(packetOf(1), at(Duration::us(500))).verdict == LinkVerdict::queueFull);
  // At 2 ms one of 125 B is left.
  CHECK(link.offer(packetOf(76), at(Duration::ms(2))).verdict == LinkVerdict::queueFull);
  const Transmission taken = link.offer(packetOf(75), at(Duration::ms(2)), PacketId{4});
  CHECK(taken.verdict == LinkVerdict::delivered);
  CHECK(taken.queueing == Duration::ms(1));
}

TEST_CASE("a limit in time is one of the new rate") {
  LinkParameters parameters = plain(DataRate::mbps(1), Duration{});
  parameters.queue = Duration::ms(3);
  Link link = changing(parameters);
  fill(link, 3);
  parameters.rate = DataRate::mbps(4);
  link.change(parameters, at(Duration{}));
  // 3000 bit wait for 0.75 ms; nine more of 0.25 ms each make 3 ms.
  for (std::uint32_t i = 4; i <= 12; ++i) {
    CHECK(link.offer(packetOf(125), at(Duration{}), PacketId{i}).verdict == LinkVerdict::delivered);
  }
  CHECK(link.offer(packetOf(125), at(Duration{})).verdict == LinkVerdict::queueFull);
}

TEST_CASE("a new delay is for what is not on the line yet") {
  Link link = changing(plain(DataRate::mbps(1), Duration::ms(10)));
  fill(link, 3);
  SECTION("longer") {
    const auto changes =
        link.change(plain(DataRate::mbps(1), Duration::ms(20)), at(Duration::us(1500)));
    REQUIRE(changes.size() == 2);
    CHECK(of(changes, 2).arrival == at(Duration::ms(22)));
    CHECK(of(changes, 2).propagation == Duration::ms(10));
    CHECK(of(changes, 3).arrival == at(Duration::ms(23)));
  }
  SECTION("shorter: it does not overtake what is on the line") {
    const auto changes =
        link.change(plain(DataRate::mbps(1), Duration::ms(2)), at(Duration::us(1500)));
    // The first comes at 11 ms, the others would at 4 and 5.
    REQUIRE(changes.size() == 2);
    CHECK(of(changes, 2).arrival == at(Duration::ms(11)));
    CHECK(of(changes, 2).propagation == -Duration::ms(8));
    CHECK(of(changes, 2).jitter == Duration::ms(7));
    CHECK(of(changes, 3).arrival == at(Duration::ms(11)));
    CHECK(of(changes, 3).jitter == Duration::ms(6));
    CHECK(link.offer(packetOf(125), at(Duration::ms(8)), PacketId{4}).arrival ==
          at(Duration::ms(11)));
    CHECK(link.offer(packetOf(125), at(Duration::ms(10)), PacketId{5}).arrival ==
          at(Duration::ms(13)));
    // And when the delay is as before, nothing of this is left.
    CHECK(link.change(plain(DataRate::mbps(1), Duration::ms(10)), at(Duration::ms(12))).empty());
    CHECK(link.offer(packetOf(125), at(Duration::ms(12))).arrival == at(Duration::ms(23)));
  }
  SECTION("shorter, where packets may overtake: it does") {
    LinkParameters parameters = plain(DataRate::mbps(1), Duration::ms(2));
    parameters.jitter.reorder.allowed = true;
    const auto changes = link.change(parameters, at(Duration::us(1500)));
    CHECK(of(changes, 2).arrival == at(Duration::ms(4)));
    CHECK(of(changes, 3).arrival == at(Duration::ms(5)));
    // Order is kept again, behind the latest of all that is on the line: the first, at 11 ms.
    link.change(plain(DataRate::mbps(1), Duration::ms(2)), at(Duration::us(3500)));
    CHECK(link.offer(packetOf(125), at(Duration::ms(4)), PacketId{4}).arrival ==
          at(Duration::ms(11)));
  }
}

TEST_CASE("a delay that becomes shorter does not let packets overtake without a queue either") {
  Link link = changing(plain(DataRate::unlimited(), Duration::ms(10)));
  CHECK(link.offer(packetOf(125), at(Duration{})).arrival == at(Duration::ms(10)));
  CHECK(link.change(plain(DataRate::unlimited(), Duration::ms(2)), at(Duration::ms(1))).empty());
  const Transmission held = link.offer(packetOf(125), at(Duration::ms(1)));
  CHECK(held.arrival == at(Duration::ms(10)));
  CHECK(held.propagation == Duration::ms(2));
  CHECK(held.jitter == Duration::ms(7));
  CHECK(link.offer(packetOf(125), at(Duration::ms(9))).arrival == at(Duration::ms(11)));
}

TEST_CASE("a packet that waits keeps its lot: lost, it still uses the wire; its jitter stays") {
  LinkParameters parameters = plain(DataRate::mbps(1), Duration::ms(10));
  parameters.loss.drop = {2};
  parameters.jitter = {Duration::ms(50), JitterDistribution::uniform, true};
  Link link = changing(parameters);
  const Transmission first = link.offer(packetOf(125), at(Duration{}), PacketId{1});
  CHECK(link.offer(packetOf(125), at(Duration{}), PacketId{2}).verdict == LinkVerdict::lost);
  const Transmission third = link.offer(packetOf(125), at(Duration{}), PacketId{3});
  parameters.rate = DataRate::mbps(2);
  const auto changes = link.change(parameters, at(Duration::us(500)));
  REQUIRE(changes.size() == 2);
  CHECK(of(changes, 1).arrival == first.arrival - Duration::us(250));
  CHECK(of(changes, 3).arrival == third.arrival - Duration::us(1250));
  CHECK(of(changes, 3).jitter == Duration{});
  CHECK(link.counters().lost == 1);
}

TEST_CASE("a change that leaves the times as they are moves no packet") {
  Link link = changing(plain(DataRate::mbps(3), Duration::ms(10)));
  fill(link, 5);
  LinkParameters parameters = plain(DataRate::mbps(3), Duration::ms(10));
  parameters.loss.mean = Ratio::percent(1);
  CHECK(link.change(parameters, at(Duration::us(400))).empty());
}

TEST_CASE("only a link that expects changes can change in use") {
  Link fixed("l", plain(DataRate::mbps(1), Duration::ms(1)));
  CHECK(fixed.change(plain(DataRate::mbps(2), Duration::ms(1)), at(Duration{})).empty());
  CHECK(fixed.offer(packetOf(125), at(Duration{})).serialization == Duration::us(500));
  CHECK_THROWS_AS(fixed.change(plain(DataRate::mbps(3), Duration{}), at(Duration::ms(9))),
                  std::logic_error);
  CHECK_THROWS_AS(fixed.expectChanges(), std::logic_error);
}

TEST_CASE(
    "departures of any link of any changing rate are those of a transmitter that never rests") {
  // Against a second reckoning: the bits that the rate has let through since a packet's start.
  const int seed = GENERATE(range(1, 61));
  std::mt19937 random(static_cast<std::uint32_t>(seed));
  const auto below = [&](std::int64_t limit) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint32_t>(limit));
  };
  struct Change {
    std::int64_t when;
    std::int64_t rate;
  };
  std::vector<Change> changes{{0, 100'000 + below(3'000'000)}};
  for (std::int64_t t = 0; changes.size() < 12;) {
    t += below(40'000'000);
    changes.push_back({t, below(4) == 0 ? 0 : 10'000 + below(5'000'000)});
  }
  if (changes.back().rate == 0) changes.back().rate = 1'000'000;

  Link link = changing(plain(DataRate::bitsPerSecond(changes[0].rate), Duration::ms(3)));
  std::map<std::uint32_t, TimePoint> arrivals;
  long double free = 0;  // ns, exact but for the type
  std::size_t next = 1;
  std::int64_t now = 0;
  const auto catchUp = [&] {
    while (next < changes.size() && changes[next].when <= now) {
      const Change& change = changes[next++];
      for (const Retiming& one :
           link.change(plain(DataRate::bitsPerSecond(change.rate), Duration::ms(3)),
                       at(Duration::ns(change.when)))) {
        if (one.arrival) arrivals[index(one.id)] = *one.arrival;
      }
    }
  };
  std::map<std::uint32_t, long double> expected;
  for (std::uint32_t id = 1; id <= 150; ++id) {
    now += below(4'000'000);
    catchUp();
    const auto size = static_cast<std::uint16_t>(40 + below(1400));
    const Transmission sent = link.offer(packetOf(size), at(Duration::ns(now)), PacketId{id});
    if (sent.verdict != LinkVerdict::delivered) continue;  // down
    arrivals[id] = sent.arrival;
    long double time = std::max(free, static_cast<long double>(now));
    long double bits = size * 8;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const bool last = i + 1 == changes.size();
      const long double end = last ? 1e30L : static_cast<long double>(changes[i + 1].when);
      if (end <= time || changes[i].rate == 0) {
        time = std::max(time, std::min(end, 1e29L));
        continue;
      }
      const long double rate = static_cast<long double>(changes[i].rate) / 1e9L;
      if (bits <= (end - time) * rate) {
        time += bits / rate;
        break;
      }
      bits -= (end - time) * rate;
      time = end;
    }
    free = time;
    expected[id] = time;
  }
  now = 2'000'000'000;
  catchUp();
  REQUIRE(expected.size() > 20);
  for (const auto& [id, time] : expected) {
    const auto arrival = static_cast<long double>((arrivals.at(id) - TimePoint{}).count());
    INFO("packet " << id);
    CHECK(static_cast<double>(arrival - 3e6L - time) > -0.01);
    CHECK(static_cast<double>(arrival - 3e6L - time) < 1.01);  // rounded up to a nanosecond
  }
}
