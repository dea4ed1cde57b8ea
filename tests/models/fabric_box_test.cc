// Boxes in a fabric: what they do with packets, and what the packets keep of it.
#include <array>
#include <catch2/catch.hpp>
#include <functional>
#include <span>
#include <stdexcept>
#include <vector>

#include "models/fabric/fabric.h"
#include "tests/models/fabric_support.h"

using namespace callflow;
using namespace callflow::fabric;
using namespace callflow::fabric::testing;

namespace {

// Does what it is told, and notes from which side packets come.
class TestBox : public Box {
 public:
  BoxResult process(Packet& packet, Side from, TimePoint) override {
    sides.push_back(from);
    return judge(packet, from);
  }
  std::span<const Packet> replacements() const override { return others; }
  bool holds() const override { return mayHold; }
  std::vector<Side> sides;
  std::function<BoxResult(Packet&, Side)> judge;
  std::span<const Packet> others;
  bool mayHold = false;
};

}  // namespace

TEST_CASE("a box passes, drops and translates") {
  // alice - box - bob, the box with an address of its own.
  constexpr Ipv4 outside = Ipv4::of(192, 0, 2, 1);
  SimulatorSession session;
  Fabric fabric(session.simulator());
  Drops drops;
  fabric.addDropObserver(&drops);
  const NodeId a = fabric.addNode("alice");
  const NodeId x = fabric.addNode("box");
  const NodeId b = fabric.addNode("bob");
  const LinkParameters wire = linkOf(DataRate::unlimited(), Duration::ms(1));
  const LinkId ax = fabric.addLink(a, x, wire, "ax", Side::inside);
  const LinkId xb = fabric.addLink(x, b, wire, "xb", Side::inside);
  const LinkId bx = fabric.addLink(b, x, wire, "bx", Side::outside);
  const LinkId xa = fabric.addLink(x, a, wire, "xa", Side::outside);
  fabric.setRoute(a, bob, fabric.addRoute(std::array{ax, xb}));
  fabric.setRoute(b, outside, fabric.addRoute(std::array{bx}));
  fabric.setRoute(x, alice, fabric.addRoute(std::array{xa}));
  TestBox box;
  fabric.setBox(x, &box);
  Receiver atAlice(fabric);
  Receiver atBob(fabric);
  Receiver atBox(fabric);
  fabric.bind(a, Protocol::udp, port, &atAlice);
  fabric.bind(b, Protocol::udp, port, &atBob);
  fabric.bind(x, Protocol::udp, 0, &atBox);

  SECTION("dropped with its reason") {
    box.judge = [](Packet&, Side) { return BoxResult{BoxResult::Action::drop, 7}; };
    fabric.send(a, packetTo(bob, 100, 1));
    fabric.send(a, packetTo(bob, 100, 2));
    ns3::Simulator::Run();
    REQUIRE(drops.seen.size() == 2);
    CHECK(drops.seen[0].cause == DropCause::box);
    CHECK(drops.seen[0].reason == 7);
    CHECK(drops.seen[0].node == x);
    REQUIRE(fabric.nodeDrops().size() == 1);
    CHECK(fabric.nodeDrops()[0].packets == 2);
    CHECK(fabric.inFlight() == 0);
  }
  SECTION("translated there and back, as a NAT does") {
    box.judge = [&](Packet& packet, Side from) {
      if (from == Side::inside) {
        packet.sourceAddress = outside;
        return BoxResult{};
      }
      packet.destinationAddress = alice;
      return BoxResult{BoxResult::Action::translated, 0};
    };
    atBob.then = [&](PacketId, Packet& packet) {
      Packet answer = packet;
      answer.setHeader(packet.header().reversed());
      fabric.send(b, answer);
    };
    fabric.send(a, packetTo(bob, 100, 1));
    ns3::Simulator::Run();
    REQUIRE(atBob.arrivals.size() == 1);
    CHECK(atBob.arrivals[0].header.source == Endpoint{outside, port});
    REQUIRE(atAlice.arrivals.size() == 1);
    CHECK(atAlice.arrivals[0].header.destination == Endpoint{alice, port});
    // A sent packet starts with a clean slate.
    CHECK(atAlice.arrivals[0].sent == TimePoint::at(Duration::ms(2)));
    CHECK(atAlice.arrivals[0].total == Duration::ms(2));
    CHECK(box.sides == std::vector<Side>{Side::inside, Side::outside});
  }
  SECTION("what is for the box itself stays there") {
    box.judge = [](Packet&, Side) { return BoxResult{}; };
    fabric.send(b, packetTo(outside, 100, 1));
    ns3::Simulator::Run();
    CHECK(atBox.arrivals.size() == 1);
    CHECK(atAlice.arrivals.empty());
  }
  SECTION("replaced by others, which keep its history") {
    // A tunnel's end: one packet of 100 bytes leaves as two of 80 and 60, each 1 ms on ax and 1 ms
    // on xb after the first was sent; the pool holds neither more nor less.
    std::array<Packet, 2> pieces{packetTo(bob, 80, 11), packetTo(bob, 60, 12)};
    box.judge = [](Packet&, Side) { return BoxResult{BoxResult::Action::replaced}; };
    box.others = pieces;
    fabric.send(a, packetTo(bob, 100, 1));
    // The box's own node needs a way on.
    fabric.setRoute(x, bob, fabric.addRoute(std::array{xb}));
    ns3::Simulator::Run();
    REQUIRE(atBob.arrivals.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(atBob.arrivals[i].sequence == 11 + i);
      CHECK(atBob.arrivals[i].sent == TimePoint{});
      CHECK(atBob.arrivals[i].when == TimePoint::at(Duration::ms(2)));
      CHECK(atBob.arrivals[i].total == Duration::ms(2));
    }
    CHECK(fabric.inFlight() == 0);
    CHECK(drops.seen.empty());
  }
  SECTION("held by a box that said it never does is our fault") {
    box.judge = [](Packet&, Side) { return BoxResult{.hold = Duration::ms(1)}; };
    fabric.send(a, packetTo(bob, 100, 1));
    CHECK_THROWS_AS(ns3::Simulator::Run(), std::logic_error);
  }
  SECTION("translated to somewhere without a route") {
    box.judge = [](Packet& packet, Side) {
      packet.destinationAddress = Ipv4::of(9, 9, 9, 9);
      return BoxResult{BoxResult::Action::translated, 0};
    };
    const bool instant = GENERATE(false, true);
    if (instant) fabric.setLinkParameters(ax, linkOf(DataRate::unlimited(), Duration{}));
    fabric.send(a, packetTo(bob, 100, 1));
    ns3::Simulator::Run();
    REQUIRE(drops.seen.size() == 1);
    CHECK(drops.seen[0].cause == DropCause::noRoute);
    CHECK(drops.seen[0].node == x);
  }
}

TEST_CASE("a box holds packets, each for as long as it says, and the wait has its name") {
  // alice - 1 ms - shaper - 1 ms - bob. The first packet is held for 5 ms, the second, sent 1 ms
  // later, for 2 ms: it overtakes. They arrive at 7 ms and at 5 ms.
  const bool instant = GENERATE(false, true);
  SimulatorSession session;
  Fabric fabric(session.simulator());
  const NodeId a = fabric.addNode("alice");
  const NodeId x = fabric.addNode("shaper");
  const NodeId b = fabric.addNode("bob");
  const Duration first = instant ? Duration{} : Duration::ms(1);
  const LinkId ax = fabric.addLink(a, x, linkOf(DataRate::unlimited(), first), "ax");
  const LinkId xb = fabric.addLink(x, b, linkOf(DataRate::unlimited(), Duration::ms(1)), "xb");
  fabric.setRoute(a, bob, fabric.addRoute(std::array{ax, xb}));
  TestBox box;
  box.mayHold = true;
  box.judge = [](Packet& packet, Side) {
    return BoxResult{.hold = packet.sequence == 1 ? Duration::ms(5) : Duration::ms(2)};
  };
  fabric.setBox(x, &box);
  REQUIRE(fabric.holdingPlace(x) != kNoLink);
  CHECK(fabric.holdingPlace(a) == kNoLink);
  CHECK(fabric.name(fabric.holdingPlace(x)) == "shaper");
  Receiver atBob(fabric);
  fabric.bind(b, Protocol::udp, port, &atBob);
  fabric.send(a, packetTo(bob, 100, 1));
  ns3::Simulator::Schedule(toNs3(Duration::ms(1)), [&] { fabric.send(a, packetTo(bob, 100, 2)); });
  ns3::Simulator::Run();
  REQUIRE(atBob.arrivals.size() == 2);
  CHECK(atBob.arrivals[0].sequence == 2);
  CHECK(atBob.arrivals[0].when == TimePoint::at(Duration::ms(4) + first));
  CHECK(atBob.arrivals[1].when == TimePoint::at(Duration::ms(6) + first));
  for (const Arrival& arrival : atBob.arrivals) {
    CHECK(arrival.total == arrival.when - arrival.sent);
    REQUIRE(arrival.waits.size() == 1);
    CHECK(arrival.waits[0].link == fabric.holdingPlace(x));
    CHECK(arrival.waits[0].time == (arrival.sequence == 1 ? Duration::ms(5) : Duration::ms(2)));
  }
  // It was judged once each.
  CHECK(box.sides.size() == 2);
  CHECK(fabric.inFlight() == 0);
}

namespace {

// Keeps every packet, lets the first go after 5 ms and drops the second then.
class KeepingBox : public Box {
 public:
  BoxResult process(Packet& packet, Side, TimePoint) override {
    packet.dscp = 46;
    return {BoxResult::Action::kept};
  }
  void keep(PacketId id, Side, TimePoint now) override {
    kept.emplace_back(id, now);
    if (kept.size() == 1) node.wakeAt(now + Duration::ms(5));
  }
  void onWake(TimePoint) override {
    node.release(kept[0].first, kept[0].second);
    node.drop(kept[1].first, 3);
  }
  void standAt(const BoxNode& where) override { node = where; }
  bool holds() const override { return true; }

  BoxNode node;
  std::vector<std::pair<PacketId, TimePoint>> kept;
};

}  // namespace

TEST_CASE("a box keeps packets and lets them go when it likes, and the wait is its own") {
  SimulatorSession session;
  Fabric fabric(session.simulator());
  Drops drops;
  fabric.addDropObserver(&drops);
  const NodeId a = fabric.addNode("alice");
  const NodeId x = fabric.addNode("box");
  const NodeId b = fabric.addNode("bob");
  const LinkId ax = fabric.addLink(a, x, linkOf(DataRate::unlimited(), Duration::ms(1)), "ax");
  const LinkId xb = fabric.addLink(x, b, linkOf(DataRate::unlimited(), Duration::ms(2)), "xb");
  fabric.setRoute(a, bob, fabric.addRoute(std::array{ax, xb}));
  KeepingBox box;
  fabric.setBox(x, &box);
  Receiver atBob(fabric);
  fabric.bind(b, Protocol::udp, port, &atBob);

  // A trial is not kept: it stands for a packet that gets through.
  CHECK(fabric.tryPacket(a, {{alice, port}, {bob, port}, Protocol::udp}).arrived);
  CHECK(box.kept.empty());
  fabric.send(a, packetTo(bob, 100, 1));
  fabric.send(a, packetTo(bob, 100, 2));
  ns3::Simulator::Run();
  REQUIRE(atBob.arrivals.size() == 1);
  CHECK(atBob.arrivals[0].sequence == 1);
  CHECK(atBob.arrivals[0].when == TimePoint::at(Duration::ms(8)));
  CHECK(part(atBob.arrivals[0], DelayPart::queueing) == Duration::ms(5));
  REQUIRE(atBob.arrivals[0].waits.size() == 1);
  CHECK(atBob.arrivals[0].waits[0].link == fabric.holdingPlace(x));
  REQUIRE(drops.seen.size() == 1);
  CHECK(drops.seen[0].reason == 3);
  CHECK(drops.seen[0].node == x);
  CHECK(fabric.inFlight() == 0);
}
