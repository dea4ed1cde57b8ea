// Packets on their way: chains of links, boxes, sinks, drops. Numbers by hand.
#include "models/fabric/fabric.h"

#include <ns3/simulator.h>

#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <stdexcept>
#include <vector>

#include "tests/models/fabric_support.h"

using namespace callflow;
using namespace callflow::fabric;
using namespace callflow::fabric::testing;

TEST_CASE("three links in a row, to the nanosecond, and every part of the delay") {
  Chain chain;
  // 100 B: 100 us at 8 Mbit/s, 800 us at 1 Mbit/s. Both packets at 5 ms.
  chain.sendAt(Duration::ms(5), packetTo(bob, 100, 1));
  chain.sendAt(Duration::ms(5), packetTo(bob, 100, 2));
  ns3::Simulator::Run();
  REQUIRE(chain.receiver.arrivals.size() == 2);
  const Arrival& first = chain.receiver.arrivals[0];
  CHECK(first.sent == TimePoint::at(Duration::ms(5)));
  // 5 + 0.1 + 1 + 0.8 + 20 + 0.1 + 2
  CHECK(first.when == TimePoint::at(Duration::us(29'000)));
  CHECK(part(first, DelayPart::propagation) == Duration::ms(23));
  CHECK(part(first, DelayPart::serialization) == Duration::ms(1));
  CHECK(part(first, DelayPart::queueing) == Duration{});
  CHECK(part(first, DelayPart::jitter) == Duration{});
  CHECK(first.waits.empty());
  const Arrival& second = chain.receiver.arrivals[1];
  // Waits 100 us for the first link, comes to the second at 6.2 ms, which is busy until 6.9 ms.
  CHECK(second.when == TimePoint::at(Duration::us(29'800)));
  CHECK(part(second, DelayPart::queueing) == Duration::us(800));
  REQUIRE(second.waits.size() == 2);
  CHECK(second.waits[0].link == chain.l1);
  CHECK(second.waits[0].time == Duration::us(700));
  CHECK(second.waits[1].link == chain.l0);
  CHECK(second.waits[1].time == Duration::us(100));
  CHECK(second.total == second.when - second.sent);
  CHECK(chain.fabric.inFlight() == 0);
  CHECK(chain.fabric.counters(chain.l1).sent == 2);
  CHECK(chain.fabric.counters(chain.l1).busy == Duration::us(1600));
}

TEST_CASE("one event a hop, and none for a link that takes no time") {
  Chain chain;
  chain.fabric.setLinkParameters(chain.l0, linkOf(DataRate::unlimited(), Duration{}));
  chain.fabric.setLinkParameters(chain.l2, linkOf(DataRate::unlimited(), Duration{}));
  chain.fabric.send(chain.n0, packetTo(bob, 100, 1));
  ns3::Simulator::Run();
  REQUIRE(chain.receiver.arrivals.size() == 1);
  CHECK(chain.receiver.arrivals[0].when == TimePoint::at(Duration::us(20'800)));
  CHECK(chain.session.simulator().GetEventCount() == 1);
}

TEST_CASE("a link that takes no time does not let a packet pass those still waiting in it") {
  Chain chain;
  chain.fabric.setLinkParameters(chain.l0, linkOf(DataRate::unlimited(), Duration::ms(1)));
  chain.fabric.expectChanges(chain.l0);
  chain.fabric.send(chain.n0, packetTo(bob, 100, 1));
  // Just before the first packet comes out, the link becomes a short one.
  ns3::Simulator::Schedule(ns3::MilliSeconds(1) - ns3::NanoSeconds(1), [&] {
    chain.fabric.setLinkParameters(chain.l0, linkOf(DataRate::unlimited(), Duration{}));
    chain.fabric.send(chain.n0, packetTo(bob, 100, 2));
  });
  ns3::Simulator::Run();
  REQUIRE(chain.receiver.arrivals.size() == 2);
  CHECK(chain.receiver.arrivals[0].sequence == 1);
  CHECK(part(chain.receiver.arrivals[1], DelayPart::jitter) == Duration::ns(1));
}

TEST_CASE("a link that becomes slower takes longer for what follows, not for what is on the line") {
  Chain chain;
  chain.fabric.expectChanges(chain.l1);
  chain.sendAt(Duration{}, packetTo(bob, 100, 1));
  chain.sendAt(Duration::ms(10), packetTo(bob, 100, 2));
  ns3::Simulator::Schedule(ns3::MilliSeconds(5), [&] {
    chain.fabric.setLinkParameters(chain.l1, linkOf(DataRate::kbps(100), Duration::ms(20)));
  });
  ns3::Simulator::Run();
  REQUIRE(chain.receiver.arrivals.size() == 2);
  CHECK(chain.receiver.arrivals[0].when == TimePoint::at(Duration::us(24'000)));
  // 10 + 0.1 + 1 + 8 + 20 + 0.1 + 2
  CHECK(chain.receiver.arrivals[1].when == TimePoint::at(Duration::us(41'200)));
}

TEST_CASE("what waits for a link that becomes faster comes earlier, and its parts say so") {
  Chain chain;
  chain.fabric.expectChanges(chain.l1);
  // Four of 1000 B: 1 ms each on l0, where the k-th leaves at k ms and arrives at k + 1. On l1
  // they take 8 ms each: from 2 to 10, 18, 26 and 34 ms.
  for (std::uint32_t i = 1; i <= 4; ++i) chain.sendAt(Duration{}, packetTo(bob, 1000, i));
  // At 14 ms half of the second is left, 4000 bit: at 8 Mbit/s done at 14.5, then 15.5 and 16.5.
  ns3::Simulator::Schedule(ns3::MilliSeconds(14), [&] {
    chain.fabric.setLinkParameters(chain.l1, linkOf(DataRate::mbps(8), Duration::ms(20)));
  });
  ns3::Simulator::Run();
  REQUIRE(chain.receiver.arrivals.size() == 4);
  // Then 20 ms on l1, 1 ms into l2 and 2 ms on it.
  CHECK(chain.receiver.arrivals[0].when == TimePoint::at(Duration::ms(33)));
  CHECK(chain.receiver.arrivals[1].when == TimePoint::at(Duration::us(37'500)));
  CHECK(chain.receiver.arrivals[2].when == TimePoint::at(Duration::us(38'500)));
  CHECK(chain.receiver.arrivals[3].when == TimePoint::at(Duration::us(39'500)));
  for (std::uint32_t i = 0; i < 4; ++i) {
    const Arrival& arrival = chain.receiver.arrivals[i];
    CHECK(arrival.sequence == i + 1);
    CHECK(arrival.total == arrival.when - arrival.sent);
    CHECK(part(arrival, DelayPart::propagation) == Duration::ms(23));
    Duration waited;
    for (const Wait& wait : arrival.waits) waited += wait.time;
    CHECK(waited == part(arrival, DelayPart::queueing));
  }
  // The second comes to l1 at 3 ms and is on the wire from 10 to 14.5; the last comes at 5 and is
  // from 15.5 to 16.5.
  CHECK(part(chain.receiver.arrivals[1], DelayPart::queueing) == Duration::ms(1 + 7));
  CHECK(part(chain.receiver.arrivals[1], DelayPart::serialization) == Duration::us(6500));
  CHECK(part(chain.receiver.arrivals[3], DelayPart::queueing) == Duration::us(3000 + 10'500));
  CHECK(part(chain.receiver.arrivals[3], DelayPart::serialization) == Duration::ms(3));
  // One event a hop still: four packets over three links, four sent and one change.
  CHECK(chain.session.simulator().GetEventCount() == 12 + 4 + 1);
}

TEST_CASE("a link that is down holds what waits, in flight, until it is up") {
  Chain chain;
  chain.fabric.expectChanges(chain.l1);
  for (std::uint32_t i = 1; i <= 3; ++i) chain.sendAt(Duration{}, packetTo(bob, 1000, i));
  // On l1 the first leaves at 10 ms; of the second a quarter is sent at 12.
  const auto rateAt = [&](Duration when, DataRate rate) {
    ns3::Simulator::Schedule(toNs3(when), [&chain, rate] {
      chain.fabric.setLinkParameters(chain.l1, linkOf(rate, Duration::ms(20)));
    });
  };
  rateAt(Duration::ms(12), DataRate{});
  chain.sendAt(Duration::ms(100), packetTo(bob, 1000, 4));
  ns3::Simulator::Stop(ns3::MilliSeconds(500));
  SECTION("and up again") {
    rateAt(Duration::ms(212), DataRate::mbps(1));
    ns3::Simulator::Run();
    REQUIRE(chain.receiver.arrivals.size() == 3);
    CHECK(chain.receiver.arrivals[0].when == TimePoint::at(Duration::ms(33)));
    // 6 ms are left of the second.
    CHECK(chain.receiver.arrivals[1].when == TimePoint::at(Duration::ms(218 + 23)));
    CHECK(part(chain.receiver.arrivals[1], DelayPart::serialization) == Duration::ms(10));
    CHECK(part(chain.receiver.arrivals[1], DelayPart::queueing) == Duration::ms(1 + 7 + 200));
    CHECK(chain.receiver.arrivals[2].when == TimePoint::at(Duration::ms(226 + 23)));
    CHECK(chain.fabric.inFlight() == 0);
  }
  SECTION("not to the end") {
    ns3::Simulator::Run();
    CHECK(chain.receiver.arrivals.size() == 1);
    CHECK(chain.fabric.inFlight() == 2);
  }
  SECTION("for longer than a packet can remember") {
    rateAt(Duration::s(1200), DataRate::mbps(1));
    ns3::Simulator::Run();  // to the stop
    ns3::Simulator::Run();
    CHECK(chain.receiver.arrivals.size() == 1);
    CHECK(chain.fabric.inFlight() == 0);
    CHECK(chain.drops.seen.size() == 3);
    CHECK(chain.fabric.counters(chain.l1).downDrops == 3);
  }
  // The fourth came while it was down.
  REQUIRE_FALSE(chain.drops.seen.empty());
  CHECK(chain.drops.seen[0].sequence == 4);
  CHECK(chain.drops.seen[0].cause == DropCause::linkDown);
}

TEST_CASE("packets that overtake each other arrive in the order of their times") {
  Chain chain;
  LinkParameters parameters = linkOf(DataRate::unlimited(), Duration::ms(5));
  parameters.jitter = {Duration::ms(10), JitterDistribution::exponential, true};
  chain.fabric.setLinkParameters(chain.l0, parameters);
  for (std::uint32_t i = 0; i < 200; ++i) {
    chain.sendAt(Duration::ms(2) * i, packetTo(bob, 100, i));
  }
  ns3::Simulator::Run();
  REQUIRE(chain.receiver.arrivals.size() == 200);
  int overtakes = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    const Arrival& arrival = chain.receiver.arrivals[i];
    CHECK(arrival.total == arrival.when - arrival.sent);
    if (i > 0 && arrival.sequence < chain.receiver.arrivals[i - 1].sequence) ++overtakes;
  }
  CHECK(overtakes > 20);
}

TEST_CASE("drops are told with who, where and why") {
  Chain chain;
  LinkParameters narrow = linkOf(DataRate::mbps(1), Duration::ms(20));
  narrow.queue = DataSize::bytes(150);
  chain.fabric.setLinkParameters(chain.l1, narrow);
  LinkParameters lossy = linkOf(DataRate::mbps(8), Duration::ms(2));
  lossy.loss.drop = {1};
  chain.fabric.setLinkParameters(chain.l2, lossy);
  chain.fabric.expectChanges(chain.l0);
  chain.sendAt(Duration{}, packetTo(bob, 100, 1));
  chain.sendAt(Duration{}, packetTo(bob, 100, 2));
  chain.sendAt(Duration::ms(50), packetTo(Ipv4::of(9, 9, 9, 9), 100, 3));
  Packet unbound = packetTo(bob, 100, 4);
  unbound.destinationPort = 1;
  chain.sendAt(Duration::ms(60), unbound);
  ns3::Simulator::Schedule(ns3::MilliSeconds(90), [&] {
    chain.fabric.setLinkParameters(chain.l0, linkOf(DataRate{}, Duration::ms(1)));
  });
  chain.sendAt(Duration::ms(100), packetTo(bob, 100, 5));
  ns3::Simulator::Run();
  CHECK(chain.receiver.arrivals.empty());
  const auto& seen = chain.drops.seen;
  REQUIRE(seen.size() == 5);
  CHECK(seen[0].sequence == 2);
  CHECK(seen[0].cause == DropCause::queueFull);
  CHECK(seen[0].link == chain.l1);
  CHECK(seen[0].node == chain.n1);
  CHECK(seen[0].when == TimePoint::at(Duration::us(1200)));
  CHECK(seen[1].sequence == 1);
  CHECK(seen[1].cause == DropCause::loss);
  CHECK(seen[1].link == chain.l2);
  CHECK(seen[1].when == TimePoint::at(Duration::us(21'900)));
  CHECK(seen[2].cause == DropCause::noRoute);
  CHECK(seen[2].node == chain.n0);
  CHECK(seen[3].cause == DropCause::noListener);
  CHECK(seen[3].node == chain.n3);
  CHECK(seen[4].cause == DropCause::linkDown);
  CHECK(seen[4].link == chain.l0);
  CHECK(chain.fabric.counters(chain.l1).queueDrops == 1);
  CHECK(chain.fabric.counters(chain.l2).lost == 1);
  CHECK(chain.fabric.counters(chain.l0).downDrops == 1);
  const std::vector<NodeDrops> drops = chain.fabric.nodeDrops();
  REQUIRE(drops.size() == 2);
  CHECK(drops[0].cause == DropCause::noRoute);
  CHECK(drops[1].cause == DropCause::noListener);
  CHECK(chain.fabric.inFlight() == 0);
}

TEST_CASE("a forwarded packet keeps its history, and its copies too") {
  Chain chain;
  // bob's node relays to carol and dave, 3 ms and 4 ms after the packet came.
  constexpr Ipv4 carol = Ipv4::of(10, 0, 0, 3);
  const NodeId n4 = chain.fabric.addNode("carol");
  const LinkId l3 =
      chain.fabric.addLink(chain.n3, n4, linkOf(DataRate::mbps(1), Duration::ms(1)), "l3");
  chain.fabric.setRoute(chain.n3, carol, chain.fabric.addRoute(std::array{l3}));
  Receiver atCarol(chain.fabric);
  chain.fabric.bind(n4, Protocol::udp, port, &atCarol);
  chain.receiver.then = [&](PacketId id, Packet& packet) {
    packet.destinationAddress = carol;
    chain.fabric.forwardCopy(chain.n3, packet, Duration::ms(3));
    chain.fabric.forward(chain.n3, id, Duration::ms(4));
    CHECK_THROWS_AS(chain.fabric.forward(chain.n3, id, Duration::ms(4)), std::invalid_argument);
  };
  chain.fabric.send(chain.n0, packetTo(bob, 100, 1));
  chain.fabric.send(chain.n0, packetTo(bob, 100, 2));
  ns3::Simulator::Run();
  // At bob at 24 and 24.8 ms. On the way to carol (0.8 ms each): 27 and 27.8 by 3 ms, 28 and 28.8
  // by 4 ms; the link is busy from 27 to 28.6 for the first two, so that the third waits 0.6 ms and
  // the fourth as long.
  REQUIRE(atCarol.arrivals.size() == 4);
  const std::array<std::int64_t, 4> arrivals{28'800, 29'600, 30'400, 31'200};
  const std::array<std::int64_t, 4> processing{3, 3, 4, 4};
  for (std::size_t i = 0; i < 4; ++i) {
    const Arrival& arrival = atCarol.arrivals[i];
    CHECK(arrival.when == TimePoint::at(Duration::us(arrivals[i])));
    CHECK(arrival.sent == TimePoint{});
    CHECK(arrival.total + Duration::ms(processing[i]) == arrival.when - arrival.sent);
    Duration waited;
    for (const Wait& wait : arrival.waits) waited += wait.time;
    CHECK(waited == part(arrival, DelayPart::queueing));
  }
  CHECK(atCarol.arrivals[0].waits.empty());
  REQUIRE(atCarol.arrivals[3].waits.size() == 3);
  CHECK(atCarol.arrivals[3].waits[0].link == l3);
  CHECK(atCarol.arrivals[3].waits[0].time == Duration::us(600));
  CHECK(chain.fabric.inFlight() == 0);
}

TEST_CASE("forwarding without processing time happens at once") {
  Chain chain;
  constexpr Ipv4 relay = Ipv4::of(10, 0, 0, 9);
  Receiver atRelay(chain.fabric);
  chain.fabric.setRoute(chain.n0, relay, chain.fabric.addRoute(std::array{chain.l0}));
  chain.fabric.setRoute(chain.n1, bob, chain.fabric.addRoute(std::array{chain.l1, chain.l2}));
  chain.fabric.bind(chain.n1, Protocol::udp, port, &atRelay);
  atRelay.then = [&](PacketId id, Packet& packet) {
    packet.destinationAddress = bob;
    chain.fabric.forward(chain.n1, id, Duration{});
  };
  chain.fabric.send(chain.n0, packetTo(relay, 100, 1));
  ns3::Simulator::Run();
  REQUIRE(chain.receiver.arrivals.size() == 1);
  CHECK(chain.receiver.arrivals[0].when == TimePoint::at(Duration::ms(24)));
  CHECK(chain.receiver.arrivals[0].total == Duration::ms(24));
}

TEST_CASE("a packet's place in the pool is used again") {
  Chain chain;
  for (std::uint32_t i = 0; i < 50; ++i) chain.sendAt(Duration::ms(100) * i, packetTo(bob, 100, i));
  ns3::Simulator::Run();
  REQUIRE(chain.receiver.arrivals.size() == 50);
  for (const Arrival& arrival : chain.receiver.arrivals) {
    CHECK(arrival.id == PacketId{0});
    CHECK(arrival.total == Duration::ms(24));
    CHECK(arrival.waits.empty());
  }
}

TEST_CASE("the pool's references stay good while it grows, and ids are unique while in use") {
  PacketPool pool;
  const PacketId first = pool.add(packetTo(bob, 100, 42));
  Packet& packet = pool[first];
  std::map<PacketId, int> ids;
  for (int i = 0; i < 5000; ++i) ++ids[pool.add(packetTo(bob, 100, 1))];
  CHECK(ids.size() == 5000);
  CHECK(&packet == &pool[first]);
  CHECK(packet.sequence == 42);
  CHECK(pool.live() == 5001);
  for (const auto& [id, count] : ids) pool.release(id);
  CHECK(pool.live() == 1);
}

TEST_CASE("parts of the delay do not overflow at a second") {
  Chain chain;
  chain.fabric.setLinkParameters(chain.l0, linkOf(DataRate::unlimited(), Duration::s(10)));
  chain.fabric.setLinkParameters(chain.l1, linkOf(DataRate::bitsPerSecond(100), Duration::s(7)));
  chain.fabric.send(chain.n0, packetTo(bob, 100, 1));
  chain.fabric.send(chain.n0, packetTo(bob, 100, 2));
  ns3::Simulator::Run();
  REQUIRE(chain.receiver.arrivals.size() == 2);
  const Arrival& second = chain.receiver.arrivals[1];
  CHECK(part(second, DelayPart::propagation) == Duration::ms(17'002));
  CHECK(part(second, DelayPart::serialization) == Duration::us(8'000'100));
  CHECK(part(second, DelayPart::queueing) == Duration::s(8));
  CHECK(second.total == second.when - second.sent);
}

TEST_CASE("a packet for the node it is sent from arrives at once") {
  Chain chain;
  chain.fabric.setRoute(chain.n3, bob, chain.fabric.addRoute({}));
  chain.fabric.send(chain.n3, packetTo(bob, 100, 1));
  CHECK(chain.receiver.arrivals.size() == 1);
  CHECK(chain.fabric.inFlight() == 0);
}

TEST_CASE("misuse of the fabric is refused") {
  Chain chain;
  Fabric& fabric = chain.fabric;
  CHECK_THROWS_AS(fabric.addRoute(std::array{chain.l0, chain.l2}), std::invalid_argument);
  CHECK_THROWS_AS(fabric.addRoute(std::array{LinkId{99}}), std::invalid_argument);
  CHECK_THROWS_AS(fabric.setRoute(chain.n1, bob, chain.route), std::invalid_argument);
  CHECK_THROWS_AS(fabric.setRoute(chain.n0, bob, kNoRoute), std::invalid_argument);
  CHECK_THROWS_AS(fabric.addLink(chain.n0, NodeId{77}, {}, "x"), std::invalid_argument);
  CHECK_THROWS_AS(fabric.setLinkParameters(kNoLink, {}), std::invalid_argument);
  CHECK_THROWS_AS(fabric.forward(chain.n0, kNoPacket, Duration{}), std::invalid_argument);
}
