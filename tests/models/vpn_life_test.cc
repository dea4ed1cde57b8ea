// The life of a VPN's tunnel: what keeps it alive, how it comes up again, what it falls back to.
// Instants and sizes by hand.
#include <array>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "models/firewall/parameters.h"
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

constexpr Ipv4 kGateway = Ipv4::of(203, 0, 113, 1);

// ESP with AES-GCM in UDP.
Vpn ipsec() {
  Vpn made;
  made.encapsulation = {Carriage::udp,       4500,
                        DataSize::bytes(60), DataSize::bytes(2),
                        DataSize::bytes(4),  DataSize::bytes(1400)};
  made.keepaliveSize = DataSize::bytes(29);
  made.queue = DataSize::bytes(750'000);
  return made;
}

// DTLS, or else TLS, at port 443.
Vpn anyconnect() {
  Vpn made;
  made.encapsulation = {Carriage::udp,       443,
                        DataSize::bytes(66), DataSize{},
                        DataSize::bytes(1),  DataSize::bytes(1406)};
  made.fallback = Fallback{443, DataSize::bytes(37)};
  made.keepaliveSize = DataSize::bytes(66);
  made.queue = DataSize::bytes(750'000);
  return made;
}

// A firewall, which notes what comes to it.
class Wall : public Box {
 public:
  struct Seen {
    TimePoint when;
    Side from;
    Header5 header;
    std::uint16_t size;
  };
  explicit Wall(const firewall::Firewall& parameters)
      : box_(firewall::makeBox(parameters, {.name = "wall", .outside = {}})) {}
  BoxResult process(Packet& packet, Side from, TimePoint now) override {
    seen.push_back({now, from, packet.header(), packet.size});
    return box_->process(packet, from, now);
  }
  std::vector<Seen> of(Side from) const {
    std::vector<Seen> some;
    for (const Seen& each : seen)
      if (each.from == from && each.size > 0) some.push_back(each);
    return some;
  }
  std::vector<Seen> seen;

 private:
  std::unique_ptr<Box> box_;
};

firewall::Firewall open(Duration udpTimeout = Duration::s(300)) {
  firewall::Firewall made;
  made.udpIdleTimeout = udpTimeout;
  made.tcpIdleTimeout = Duration::s(7440);
  return made;
}

firewall::Rule deny(wire::RuleProtocol protocol, firewall::Direction direction) {
  firewall::Rule rule;
  rule.action = firewall::Action::deny;
  rule.protocol = protocol;
  rule.direction = direction;
  return rule;
}

firewall::Firewall shut(const std::vector<firewall::Rule>& rules) {
  firewall::Firewall made = open();
  made.rules = rules;
  return made;
}

// alice - 1 ms - wall - 4 ms - gateway | inside - 1 ms - bob; the tunnel from alice to the inside.
struct Life {
  explicit Life(const Vpn& parameters, const firewall::Firewall& how = open())
      : vpn(parameters), wall(how) {
    fabric.setBox(r, &wall);
    fabric.setRoute(a, bob, fabric.addRoute(std::array{there, lan}));
    fabric.setRoute(b, alice, fabric.addRoute(std::array{lanBack, back}));
    fabric.setRoute(a, kGateway, fabric.addRoute(std::array{up, over}));
    fabric.setRoute(g, alice, fabric.addRoute(std::array{overBack, down}));
    fabric.bind(b, Protocol::udp, port, &atBob);
    fabric.bind(a, Protocol::udp, port, &atAlice);
    fabric.addDropObserver(&drops);
    for (const LinkId link : {there, back}) fabric.expectChanges(link);
    const std::uint16_t at = vpn.encapsulation.port;
    tunnel.emplace(fabric, tcp, vpn, TunnelEnds{a, g, {alice, at}, {kGateway, at}, there, back});
  }
  static LinkParameters line(Duration delay) { return linkOf(DataRate::unlimited(), delay); }

  void at(Duration when, std::function<void()> what) {
    ns3::Simulator::Schedule(toNs3(when), std::move(what));
  }
  void toBobAt(Duration when, std::uint32_t number) {
    at(when, [this, number] { fabric.send(a, packetTo(bob, 146, number)); });
  }
  void toAliceAt(Duration when, std::uint32_t number) {
    at(when, [this, number] {
      Packet packet = packetTo(alice, 146, number);
      packet.setHeader({{bob, port}, {alice, port}, Protocol::udp});
      fabric.send(b, packet);
    });
  }
  void setDownAt(Duration when, bool isDown) {
    at(when, [this, isDown] {
      LinkParameters parameters;
      parameters.down = isDown;
      for (const LinkId link : {there, back}) fabric.setLinkParameters(link, parameters);
      tunnel->linkChanged();
    });
  }
  void run(Duration until) {
    ns3::Simulator::Stop(toNs3(until));
    ns3::Simulator::Run();
  }

  SimulatorSession session;
  Fabric fabric{session.simulator()};
  transport::TcpLayer tcp{fabric};
  Vpn vpn;
  Wall wall;
  NodeId a = fabric.addNode("alice"), r = fabric.addNode("wall"), g = fabric.addNode("gateway"),
         i = fabric.addNode("inside"), b = fabric.addNode("bob");
  LinkId up = fabric.addLink(a, r, line(Duration::ms(1)), "access up"),
         down = fabric.addLink(r, a, line(Duration::ms(1)), "access down");
  LinkId over = fabric.addLink(r, g, line(Duration::ms(4)), "over"),
         overBack = fabric.addLink(g, r, line(Duration::ms(4)), "over back", Side::outside);
  LinkId there = fabric.addLink(a, i, {}, "tunnel up"),
         back = fabric.addLink(i, a, {}, "tunnel dn");
  LinkId lan = fabric.addLink(i, b, line(Duration::ms(1)), "lan"),
         lanBack = fabric.addLink(b, i, line(Duration::ms(1)), "lan back");
  Receiver atBob{fabric}, atAlice{fabric};
  fabric::testing::Drops drops;
  std::optional<Tunnel> tunnel;
};

std::vector<std::uint32_t> numbers(const Receiver& receiver) {
  std::vector<std::uint32_t> list;
  for (const Arrival& arrival : receiver.arrivals) list.push_back(arrival.sequence);
  return list;
}

// At the wall, 1 ms from alice; what is tried comes in no time, and has no size.
std::vector<Duration> instants(const Life& life, Side from, std::uint16_t size) {
  std::vector<Duration> list;
  for (const Wall::Seen& seen : life.wall.of(from))
    if (seen.size == size) list.push_back(seen.when.sinceStart());
  return list;
}

}  // namespace

TEST_CASE("keep-alives have the sizes of the protocols' layouts") {
  const auto of = [](std::int64_t overhead, std::int64_t trailer, std::int64_t block) {
    return Encapsulation{Carriage::udp,
                         4500,
                         DataSize::bytes(28 + overhead),
                         DataSize::bytes(trailer),
                         DataSize::bytes(block),
                         DataSize::bytes(1400)};
  };
  // WireGuard: header 16 and tag 16 around nothing.
  CHECK(wrappedSize(of(32, 0, 16), DataSize{}) == DataSize::bytes(60));
  // OpenVPN: 16 bytes of a ping in 24 of AES-GCM; in 40 of AES-CBC with a packet id of 4 and at
  // least a byte of padding, 21 to 32.
  CHECK(wrappedSize(of(24, 0, 1), DataSize::bytes(16)) == DataSize::bytes(68));
  CHECK(wrappedSize(of(40, 5, 16), DataSize::bytes(16)) == DataSize::bytes(100));
  // DTLS: type 1, record 13, nonce 8, tag 16.
  CHECK(wrappedSize(of(38, 0, 1), DataSize{}) == DataSize::bytes(66));
  // What has fallen back to TLS: header 8, record 29.
  const Vpn vpn = anyconnect();
  CHECK(keepaliveSize(vpn, vpn.encapsulation) == DataSize::bytes(66));
  CHECK(keepaliveSize(vpn, fallenBack(vpn)) == DataSize::bytes(37));
}

TEST_CASE("an idle tunnel's client sends a packet after the time, counted from the last one sent") {
  Vpn vpn = ipsec();
  vpn.keepalive = Duration::s(20);
  Life life(vpn);
  life.tunnel->keepAlive();
  life.toBobAt(Duration::s(45), 1);
  life.toAliceAt(Duration::s(60), 2);  // the client has sent nothing
  life.run(Duration::s(90));
  const auto after = [](std::int64_t seconds) { return Duration::s(seconds) + Duration::ms(1); };
  CHECK(instants(life, Side::inside, 29) ==
        std::vector{after(20), after(40), after(65), after(85)});
  CHECK(instants(life, Side::outside, 29).empty());  // the gateway is behind no NAT
  CHECK(numbers(life.atBob) == std::vector<std::uint32_t>{1});
  CHECK(numbers(life.atAlice) == std::vector<std::uint32_t>{2});
  CHECK(life.drops.seen.empty());
  CHECK(life.fabric.inFlight() == 0);
}

TEST_CASE(
    "a tunnel that carries packets sends no keep-alives, and without the key there are none") {
  for (const bool keeps : {true, false}) {
    Vpn vpn = ipsec();
    if (keeps) vpn.keepalive = Duration::s(20);
    Life life(vpn);
    life.tunnel->keepAlive();
    const int count = keeps ? 10 : 1;
    for (int n = 0; n < count; ++n) life.toBobAt(Duration::s(10) * n, 1);
    life.run(Duration::s(105));
    CHECK(instants(life, Side::inside, 29).empty());
    CHECK(life.atBob.arrivals.size() == static_cast<std::size_t>(count));
  }
}

TEST_CASE("both ends keep alive what both are told to, each for itself") {
  Vpn vpn = ipsec();
  vpn.keepalive = Duration::s(10);
  vpn.keepaliveSize = DataSize::bytes(68);
  vpn.keepaliveFrom = KeepaliveFrom::both;
  Life life(vpn);
  life.tunnel->keepAlive();
  life.toAliceAt(Duration::s(15), 2);  // 1 ms to the inside
  life.run(Duration::s(26));
  const auto at = [](std::int64_t ms) { return Duration::ms(ms); };
  CHECK(instants(life, Side::inside, 68) == std::vector{at(10'001), at(20'001)});
  // 4 ms from the gateway to the wall.
  CHECK(instants(life, Side::outside, 68) == std::vector{at(10'004), at(25'005)});
}

TEST_CASE("a firewall's state in front of a tunnel lives with keep-alives and dies without") {
  for (const bool keeps : {true, false}) {
    INFO(keeps);
    Vpn vpn = ipsec();
    if (keeps) vpn.keepalive = Duration::s(20);
    Life life(vpn, open(Duration::s(30)));
    life.tunnel->keepAlive();
    life.toBobAt(Duration::s(1), 1);
    life.toAliceAt(Duration::s(100), 2);
    life.toBobAt(Duration::s(110), 3);  // opens it again
    life.toAliceAt(Duration::s(111), 4);
    life.run(Duration::s(120));
    CHECK(numbers(life.atBob) == std::vector<std::uint32_t>{1, 3});
    CHECK(numbers(life.atAlice) ==
          (keeps ? std::vector<std::uint32_t>{2, 4} : std::vector<std::uint32_t>{4}));
    REQUIRE(life.drops.seen.size() == (keeps ? 0 : 1));
    if (!keeps) CHECK(life.drops.seen[0].node == life.r);
  }
}

TEST_CASE("over TCP a keep-alive is a message of the tunnel's connection, which nobody gets") {
  Vpn vpn = ipsec();
  vpn.encapsulation.over = Carriage::tcp;
  vpn.encapsulation.overhead = DataSize::bytes(26);
  vpn.keepalive = Duration::s(10);
  vpn.keepaliveSize = DataSize::bytes(42);
  Life life(vpn);
  life.tunnel->keepAlive();
  life.toBobAt(Duration::s(25), 1);
  life.run(Duration::s(30));
  // IP 20, TCP 20 and its timestamps 12.
  CHECK(instants(life, Side::inside, 52 + 42).size() == 2);
  CHECK(numbers(life.atBob) == std::vector<std::uint32_t>{1});
  CHECK(life.atAlice.arrivals.empty());
  CHECK(life.fabric.inFlight() == 0);
}

TEST_CASE("a tunnel that is down carries nothing, and once it is up again so after a time") {
  for (const auto over : {Carriage::udp, Carriage::tcp}) {
    INFO(static_cast<int>(over));
    Vpn vpn = ipsec();
    vpn.encapsulation.over = over;
    vpn.reconnect = Duration::s(3);
    vpn.keepalive = Duration::s(2);
    Life life(vpn);
    life.tunnel->keepAlive();
    life.setDownAt(Duration::s(10), true);
    life.setDownAt(Duration::s(20), false);
    const std::array<std::int64_t, 6> seconds{1, 9, 11, 19, 22, 24};
    for (std::uint32_t n = 0; n < seconds.size(); ++n) {
      life.toBobAt(Duration::s(seconds[n]), n);
      life.toAliceAt(Duration::s(seconds[n]), n);
    }
    life.run(Duration::s(30));
    CHECK(numbers(life.atBob) == std::vector<std::uint32_t>{0, 1, 5});
    CHECK(numbers(life.atAlice) == std::vector<std::uint32_t>{0, 1, 5});
    CHECK(life.drops.seen.size() == 6);
    for (const auto& drop : life.drops.seen) {
      CHECK(drop.cause == DropCause::box);
      CHECK(drop.reason == static_cast<std::uint16_t>(Reason::notUp));
    }
    // Nor is it kept alive: what was sent at 9 s is answered by 10 s.
    for (const Wall::Seen& seen : life.wall.of(Side::inside)) {
      const Duration when = seen.when.sinceStart();
      CHECK((when < Duration::ms(10'100) || when > Duration::s(23)));
    }
  }
}

TEST_CASE("a tunnel over TCP comes up again with a new connection") {
  Vpn vpn = ipsec();
  vpn.encapsulation.over = Carriage::tcp;
  Life life(vpn);
  life.toBobAt(Duration::s(1), 1);
  life.setDownAt(Duration::s(2), true);
  life.setDownAt(Duration::s(3), false);
  life.toBobAt(Duration::s(4), 2);
  life.run(Duration::s(5));
  CHECK(numbers(life.atBob) == std::vector<std::uint32_t>{1, 2});
  const auto seen = life.wall.of(Side::inside);
  REQUIRE(!seen.empty());
  CHECK(seen.front().header.source.port == 4500);
  CHECK(seen.back().header.source.port == 4499);
}

TEST_CASE("a tunnel falls back to TCP where UDP does not get through both ways, and only there") {
  using firewall::Direction;
  using wire::RuleProtocol;
  struct Row {
    std::string name;
    firewall::Firewall wall;
    bool fallsBack;
  };
  const std::vector<Row> rows = {
      {"open", open(), false},
      {"no UDP out", shut({deny(RuleProtocol::udp, Direction::out)}), true},
      // Answers to what went out are let in whatever the rules for what comes in.
      {"no UDP in", shut({deny(RuleProtocol::udp, Direction::in)}), false},
      {"no TCP", shut({deny(RuleProtocol::tcp, Direction::out)}), false},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    Life life(anyconnect(), row.wall);
    life.toBobAt(Duration::s(1), 1);
    life.toAliceAt(Duration::s(2), 2);
    life.run(Duration::s(3));
    CHECK(numbers(life.atBob) == std::vector<std::uint32_t>{1});
    CHECK(numbers(life.atAlice) == std::vector<std::uint32_t>{2});
    CHECK(life.tunnel->refused().has_value() == row.fallsBack);
    const auto out = life.wall.of(Side::inside);
    for (const Wall::Seen& seen : out) {
      CHECK(seen.header.protocol == (row.fallsBack ? Protocol::tcp : Protocol::udp));
      CHECK(seen.header.source.port == (row.fallsBack ? kTcpClientPort : 443));
      CHECK(seen.header.destination == Endpoint{kGateway, 443});
    }
    // 146 B in 66 of DTLS, or in 37 of TLS with 52 of TCP and IP.
    CHECK(instants(life, Side::inside, row.fallsBack ? 235 : 212).size() == 1);
  }
}

TEST_CASE("where neither UDP nor TCP gets through there is no tunnel") {
  using firewall::Direction;
  Life life(anyconnect(), shut({deny(wire::RuleProtocol::any, Direction::out)}));
  life.toBobAt(Duration::s(1), 1);
  life.toAliceAt(Duration::s(2), 2);
  life.run(Duration::s(3));
  CHECK(life.atBob.arrivals.empty());
  CHECK(life.atAlice.arrivals.empty());
  CHECK(!life.tunnel->refused());
  REQUIRE(life.drops.seen.size() == 2);
  for (const auto& drop : life.drops.seen)
    CHECK(drop.reason == static_cast<std::uint16_t>(Reason::notUp));
}

TEST_CASE("what carries a tunnel is found out anew each time that it comes up") {
  firewall::Rule early = deny(wire::RuleProtocol::udp, firewall::Direction::out);
  early.until = Duration::s(15);
  Life life(anyconnect(), shut({early}));
  life.toBobAt(Duration::s(1), 1);
  life.toBobAt(Duration::s(16), 2);  // UDP would do now, but the tunnel is up
  life.setDownAt(Duration::s(20), true);
  life.setDownAt(Duration::s(21), false);
  life.toBobAt(Duration::s(22), 3);
  life.run(Duration::s(23));
  CHECK(numbers(life.atBob) == std::vector<std::uint32_t>{1, 2, 3});
  CHECK(instants(life, Side::inside, 235).size() == 2);
  CHECK(instants(life, Side::inside, 212).size() == 1);
  CHECK(!life.tunnel->refused());
}
