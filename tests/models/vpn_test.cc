// VPNs: what a tunnel makes of a packet, who goes through it, and tunnels in the fabric. Sizes by
// hand from the layouts of the protocols.
#include <array>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "models/vpn/box.h"
#include "models/vpn/policy.h"
#include "models/vpn/tunnel.h"
#include "tests/models/fabric_support.h"
#include "tests/support/show_units.h"

using namespace callflow;
using namespace callflow::fabric;
using namespace callflow::fabric::testing;
using namespace callflow::vpn;

namespace {

Encapsulation udp(std::int64_t overhead, std::int64_t trailer, std::int64_t block) {
  return {Carriage::udp,
          4500,
          DataSize::bytes(overhead),
          DataSize::bytes(trailer),
          DataSize::bytes(block),
          DataSize::bytes(1400)};
}

Vpn vpnOf(const Encapsulation& encapsulation) {
  Vpn made;
  made.encapsulation = encapsulation;
  made.queue = DataSize::bytes(750'000);
  return made;
}

constexpr Ipv4 gatewayAddress = Ipv4::of(203, 0, 113, 1);

// alice - access - router - line - gateway | inside - bob; the tunnel from alice to the inside.
struct Tunnelled {
  explicit Tunnelled(const Vpn& parameters,
                     const LinkParameters& line = linkOf(DataRate::mbps(1), Duration::ms(20)))
      : vpn(parameters),
        up(fabric.addLink(a, r, line, "access up")),
        down(fabric.addLink(r, a, line, "access down")) {
    fabric.setRoute(a, bob, fabric.addRoute(std::array{there, lan}));
    fabric.setRoute(b, alice, fabric.addRoute(std::array{lanBack, back}));
    fabric.setRoute(a, gatewayAddress, fabric.addRoute(std::array{up, over}));
    fabric.setRoute(g, alice, fabric.addRoute(std::array{overBack, down}));
    fabric.bind(b, Protocol::udp, port, &atBob);
    fabric.bind(a, Protocol::udp, port, &atAlice);
    fabric.addDropObserver(&drops);
    tunnel.emplace(fabric, tcp, vpn,
                   TunnelEnds{a, g, {alice, 4500}, {gatewayAddress, 4500}, there, back});
  }
  Packet toAlice(std::uint16_t size, std::uint32_t number) const {
    Packet packet = packetTo(alice, size, number);
    packet.setHeader({{bob, port}, {alice, port}, Protocol::udp});
    return packet;
  }
  SimulatorSession session;
  Fabric fabric{session.simulator()};
  transport::TcpLayer tcp{fabric};
  Vpn vpn;
  NodeId a = fabric.addNode("alice"), r = fabric.addNode("router"), g = fabric.addNode("gateway"),
         i = fabric.addNode("inside"), b = fabric.addNode("bob");
  LinkId up, down;
  LinkId over = fabric.addLink(r, g, linkOf(DataRate::unlimited(), Duration::ms(5)), "over");
  LinkId overBack = fabric.addLink(g, r, linkOf(DataRate::unlimited(), Duration::ms(5)), "back");
  LinkId there = fabric.addLink(a, i, {}, "tunnel up"),
         back = fabric.addLink(i, a, {}, "tunnel dn");
  LinkId lan = fabric.addLink(i, b, linkOf(DataRate::unlimited(), Duration::ms(1)), "lan");
  LinkId lanBack = fabric.addLink(b, i, linkOf(DataRate::unlimited(), Duration::ms(1)), "lan back");
  Receiver atBob{fabric}, atAlice{fabric};
  fabric::testing::Drops drops;
  std::optional<Tunnel> tunnel;
};

}  // namespace

TEST_CASE("packets of 146 and 1238 bytes in tunnels have the sizes of the protocols' layouts") {
  struct Row {
    std::string name;
    Encapsulation how;
    std::int64_t small, large;
  };
  // Outer IP 20 and UDP 8 in all of them.
  const std::vector<Row> rows = {
      // header 16, tag 16; padded to 16: 160, 1248
      {"WireGuard", udp(28 + 32, 0, 16), 220, 1308},
      // SPI and number 8, IV 8, ICV 16; with a trailer of 2 to 4: 148, 1240
      {"ESP AES-GCM in UDP", udp(28 + 32, 2, 4), 208, 1300},
      // IV 16, ICV 12; to 16: 160, 1248
      {"ESP AES-CBC SHA-1 in UDP", udp(28 + 36, 2, 16), 224, 1312},
      // opcode and peer-id 4, packet id 4, tag 16
      {"OpenVPN AES-GCM", udp(28 + 24, 0, 1), 198, 1290},
      // opcode and peer-id 4, HMAC 20, IV 16; packet id 4 and at least one byte of padding to 16
      {"OpenVPN AES-CBC SHA-1", udp(28 + 40, 5, 16), 228, 1316},
      // type 1, record 13, nonce 8, tag 16
      {"DTLS AES-GCM", udp(28 + 38, 0, 1), 212, 1304},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(wrappedSize(row.how, DataSize::bytes(146)) == DataSize::bytes(row.small));
    CHECK(wrappedSize(row.how, DataSize::bytes(1238)) == DataSize::bytes(row.large));
  }
}

TEST_CASE("the longest prefix says whether a destination is in the tunnel") {
  Vpn vpn;
  const Ipv4 azure = Ipv4::of(20, 202, 3, 10), office = Ipv4::of(10, 1, 0, 5),
             web = Ipv4::of(93, 184, 216, 34);
  const auto through = [&] {
    return std::array{enters(vpn, azure), enters(vpn, office), enters(vpn, web)};
  };
  CHECK(through() == std::array{true, true, true});  // forced tunnel
  vpn.except = {wire::Service::azure};
  CHECK(through() == std::array{false, true, true});  // with exceptions
  vpn.except = {};
  vpn.only = {wire::Prefix{Ipv4::of(10, 0, 0, 0), 8}};
  CHECK(through() == std::array{false, true, false});  // selective tunnel
  vpn.only = {wire::AnyAddress{}};
  vpn.except = {wire::Prefix{Ipv4::of(20, 0, 0, 0), 8}};
  CHECK(through() == std::array{false, true, true});
  vpn.only = {wire::Service::azure};  // a /16 against the /8
  CHECK(through() == std::array{true, false, false});
}

TEST_CASE("an address of the home's own network stays at home, unless the tunnel knows it better") {
  Vpn vpn;
  vpn.clients = {Ipv4::of(10, 255, 0, 0), 16};
  const Ipv4 near = Ipv4::of(10, 1, 1, 7), far = Ipv4::of(10, 1, 2, 7);
  const std::vector<wire::Prefix> home{{Ipv4::of(192, 168, 1, 0), 24}, {Ipv4::of(10, 1, 1, 0), 24}};
  const auto stays = [&] {
    return std::array{staysHome(vpn, home, near), staysHome(vpn, home, far)};
  };
  CHECK(stays() == std::array{true, false});  // forced tunnel
  vpn.only = {wire::Prefix{Ipv4::of(10, 0, 0, 0), 8}};
  CHECK(stays() == std::array{true, false});
  vpn.only = {wire::Prefix{Ipv4::of(10, 1, 1, 0), 24}};  // as long: the interface's own route
  CHECK(stays() == std::array{true, false});
  vpn.only = {wire::Prefix{Ipv4::of(10, 0, 0, 0), 8}, wire::Prefix{near, 32}};
  CHECK(stays() == std::array{false, false});
  vpn.only = {wire::Prefix{Ipv4::of(10, 1, 1, 128), 25}};  // the other half
  CHECK(stays() == std::array{true, false});
  CHECK_FALSE(staysHome(vpn, {}, near));
  // The VPN's own /16 is a route into it, whatever else is: longer than a home's /8.
  vpn.only = {wire::Prefix{Ipv4::of(172, 16, 0, 0), 12}};
  CHECK_FALSE(staysHome(vpn, {{Ipv4::of(10, 0, 0, 0), 8}}, Ipv4::of(10, 255, 0, 2)));
  CHECK(staysHome(vpn, {{Ipv4::of(10, 255, 0, 0), 24}}, Ipv4::of(10, 255, 0, 2)));
}

TEST_CASE("a packet crosses a tunnel in a larger one and comes out as it was") {
  Tunnelled net(vpnOf(udp(60, 2, 4)));
  Packet packet = packetTo(bob, 146, 9);
  packet.payload = 77;
  net.atBob.then = [](PacketId, Packet& got) {
    CHECK(got.size == 146);
    CHECK(got.payload == 77);
    CHECK(got.header() == Header5{{alice, port}, {bob, port}, Protocol::udp});
  };
  net.fabric.send(net.a, packet);
  ns3::Simulator::Run();
  REQUIRE(net.atBob.arrivals.size() == 1);
  // 208 B at 1 Mbit/s: 1.664 ms; 20 + 5 + 1 ms of way.
  CHECK(net.atBob.arrivals[0].when == TimePoint::at(Duration::us(1664 + 26'000)));
  CHECK(net.atBob.arrivals[0].total == Duration::us(1664 + 26'000));
  CHECK(part(net.atBob.arrivals[0], DelayPart::serialization) == Duration::us(1664));
  CHECK(net.fabric.counters(net.up).bytes == DataSize::bytes(208));
  CHECK(net.fabric.counters(net.there).sent == 0);
  // And back.
  net.fabric.send(net.b, net.toAlice(146, 10));
  ns3::Simulator::Run();
  REQUIRE(net.atAlice.arrivals.size() == 1);
  CHECK(net.fabric.counters(net.down).bytes == DataSize::bytes(208));
  CHECK(net.fabric.inFlight() == 0);
}

TEST_CASE("what is larger than a tunnel's mtu is cut before it enters, or dropped") {
  LinkParameters through;
  through.mtu = DataSize::bytes(600);
  Tunnelled net(vpnOf(udp(60, 2, 4)));
  net.fabric.setLinkParameters(net.there, through);
  net.fabric.send(net.a, packetTo(bob, 1000, 4));
  Packet segment = packetTo(bob, 1000, 5);
  segment.protocol = Protocol::tcp;
  net.fabric.send(net.a, segment);
  ns3::Simulator::Run();
  // 980 B of data: 576 and 404, in packets of 596 and 424 B: 598 and 426 with the trailer, padded
  // to 600 and 428, and 60 more: 660 and 488 B.
  CHECK(net.fabric.counters(net.up).sent == 2);
  CHECK(net.fabric.counters(net.up).bytes == DataSize::bytes(660 + 488));
  REQUIRE(net.atBob.arrivals.size() == 1);
  CHECK(net.atBob.arrivals[0].sequence == 4);
  REQUIRE(net.drops.seen.size() == 1);
  CHECK(net.drops.seen[0].cause == DropCause::tooBig);
  CHECK(net.drops.seen[0].sequence == 5);
}

TEST_CASE("what a tunnel loses is lost as it was sent") {
  LinkParameters dead = linkOf(DataRate::mbps(1), Duration::ms(20));
  dead.loss.mean = Ratio::percent(100);
  Tunnelled net(vpnOf(udp(60, 2, 4)), dead);
  net.fabric.send(net.a, packetTo(bob, 146, 9));
  ns3::Simulator::Run();
  REQUIRE(net.drops.seen.size() == 1);
  CHECK(net.drops.seen[0].sequence == 9);
  CHECK(net.drops.seen[0].cause == DropCause::loss);
  CHECK(net.drops.seen[0].link == net.up);
}

TEST_CASE("a tunnel over TCP delivers all, in order, late") {
  LinkParameters lossy = linkOf(DataRate::mbps(1), Duration::ms(20));
  lossy.loss.mean = Ratio::percent(5);
  Encapsulation stream = udp(26, 0, 1);
  stream.over = Carriage::tcp;
  Tunnelled net(vpnOf(stream), lossy);
  constexpr std::uint32_t kPackets = 500;
  for (std::uint32_t n = 0; n < kPackets; ++n)
    ns3::Simulator::Schedule(toNs3(Duration::ms(20) * n),
                             [&net, n] { net.fabric.send(net.a, packetTo(bob, 146, n)); });
  ns3::Simulator::Run();
  REQUIRE(net.atBob.arrivals.size() == kPackets);
  bool late = false;
  for (std::uint32_t n = 0; n < kPackets; ++n) {
    const Arrival& arrival = net.atBob.arrivals[n];
    CHECK(arrival.sequence == n);
    CHECK(arrival.when - arrival.sent == arrival.total);
    late = late || arrival.total > Duration::ms(60);
  }
  CHECK(late);
  // Only segments of the tunnel are lost.
  for (const auto& drop : net.drops.seen) CHECK(drop.link != kNoLink);
  CHECK(net.fabric.inFlight() == 0);
}

TEST_CASE("what waits in front of a tunnel's socket has a limit") {
  Encapsulation stream = udp(26, 0, 1);
  stream.over = Carriage::tcp;
  Vpn vpn = vpnOf(stream);
  vpn.queue = DataSize::bytes(5000);
  vpn.tcp.sendBuffer = DataSize::bytes(4096);
  Tunnelled net(vpn);
  for (std::uint32_t n = 0; n < 100; ++n) net.fabric.send(net.a, packetTo(bob, 974, n));
  ns3::Simulator::Run();
  CHECK(net.atBob.arrivals.size() + net.drops.seen.size() == 100);
  // Before the handshake nothing is taken: 5 of 1000 B wait.
  CHECK(net.atBob.arrivals.size() == 5);
  for (const auto& drop : net.drops.seen) {
    CHECK(drop.cause == DropCause::box);
    CHECK(drop.reason == static_cast<std::uint16_t>(Reason::queueFull));
    CHECK(drop.node == net.a);
  }
}

TEST_CASE("TCP through a tunnel believes in what the tunnel says") {
  Vpn vpn = vpnOf(udp(52, 0, 1));
  CHECK(packetForTcp(vpn) == DataSize::bytes(1400));
  vpn.largestSegment = DataSize::bytes(1300);
  CHECK(packetForTcp(vpn) == DataSize::bytes(1340));
  vpn.largestSegment.reset();
  vpn.clamp = SegmentClamp::none;
  CHECK(packetForTcp(vpn) == DataSize::bytes(65'535));
  Tunnelled net(vpnOf(udp(52, 0, 1)));
  CHECK(net.fabric.pathMtu(net.a, bob) == DataSize::bytes(1400));
}

TEST_CASE("a gateway does one packet after the other, and no more than it keeps") {
  // 8 Mbit/s is a byte a microsecond.
  Vpn vpn = vpnOf(udp(60, 2, 4));
  vpn.capacity = DataRate::mbps(8);
  vpn.backlog = Duration::us(1500);
  vpn.processing = Duration::us(10);
  GatewayBox box(vpn);
  std::vector<Duration> holds;
  std::vector<bool> passed;
  for (int n = 0; n < 5; ++n) {
    Packet packet = packetTo(bob, 1000, 0);
    const BoxResult result = box.process(packet, Side::inside, TimePoint{});
    passed.push_back(result.action == BoxResult::Action::pass);
    holds.push_back(result.hold);
  }
  CHECK(passed == std::vector{true, true, false, false, false});
  CHECK(holds[0] == Duration::us(1010));
  CHECK(holds[1] == Duration::us(2010));
  REQUIRE(box.counts().size() == 2);
  CHECK(box.counts()[1].packets == 3);
  CHECK(box.counts()[1].reason == "dropped, as the VPN gateway has more to encrypt than it keeps");
}

TEST_CASE("a gateway's rules judge what is between its clients") {
  Vpn vpn = vpnOf(udp(60, 2, 4));
  firewall::Rule rule;
  rule.action = firewall::Action::deny;
  rule.protocol = wire::RuleProtocol::udp;
  rule.from = rule.to = {wire::Prefix{Ipv4::of(10, 255, 0, 0), 16}};
  rule.ports = {{50000, 59999}};
  vpn.rules = {rule};
  GatewayBox box(vpn);
  const auto passes = [&](Ipv4 to, std::uint16_t toPort) {
    Packet packet;
    packet.setHeader({{Ipv4::of(10, 255, 0, 2), 50000}, {to, toPort}, Protocol::udp});
    return box.process(packet, Side::inside, TimePoint{}).action == BoxResult::Action::pass;
  };
  CHECK(!passes(Ipv4::of(10, 255, 0, 3), 50000));
  CHECK(passes(Ipv4::of(10, 255, 0, 3), 5060));
  CHECK(passes(Ipv4::of(20, 202, 0, 10), 50000));
}

TEST_CASE("a client's computer has an address in the VPN and its own outside of it") {
  Vpn vpn = vpnOf(udp(60, 2, 4));
  ClientBox box(vpn, alice, Ipv4::of(10, 255, 0, 2));
  Packet packet = packetTo(bob, 100, 0);
  CHECK(box.process(packet, Side::inside, TimePoint{}).action == BoxResult::Action::pass);
  CHECK(packet.sourceAddress == Ipv4::of(10, 255, 0, 2));
  CHECK(packet.destinationAddress == bob);
  packet.setHeader({{bob, port}, {Ipv4::of(10, 255, 0, 2), port}, Protocol::udp});
  CHECK(box.process(packet, Side::outside, TimePoint{}).action == BoxResult::Action::translated);
  CHECK(packet.destinationAddress == alice);
}
