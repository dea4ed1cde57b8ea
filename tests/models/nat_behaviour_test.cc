// The behaviours of RFC 4787 beside the usual one, each worked out by hand; and which pairs of them
// let two clients through to each other.
#include <array>
#include <catch2/catch.hpp>
#include <optional>
#include <set>
#include <string>

#include "models/nat/policy.h"

using namespace callflow;
using namespace callflow::nat;
using wire::Endpoint;
using wire::Header5;
using wire::Ipv4;
using wire::Protocol;

namespace {

constexpr TimePoint kStart = TimePoint::at(Duration::s(100));
constexpr Ipv4 kPublicAddress = Ipv4::of(203, 0, 113, 9);
constexpr Endpoint kAlice{Ipv4::of(10, 1, 0, 5), 50000};
constexpr Endpoint kBob{Ipv4::of(10, 1, 0, 6), 50000};
constexpr Endpoint kRelay{Ipv4::of(20, 202, 0, 9), 3478};
constexpr Endpoint kPeer{Ipv4::of(198, 51, 100, 7), 40000};
constexpr Endpoint kPeerElsewhere{kPeer.address, 40002};

constexpr auto kIndependent = Dependence::endpointIndependent;
constexpr auto kByAddress = Dependence::addressDependent;
constexpr auto kByPort = Dependence::addressAndPortDependent;

Policy usual() {
  Policy policy;
  policy.udpTimeout = Duration::s(120);
  policy.tcpTimeout = Duration::s(7440);
  policy.publicAddress = kPublicAddress;
  return policy;
}

Header5 udp(Endpoint from, Endpoint to) {
  return {from, to, Protocol::udp};
}

Verdict send(const Policy& policy, State& state, Endpoint from, Endpoint to,
             Duration later = Duration::ns(0)) {
  return translateOut(policy, state, udp(from, to), kStart + later);
}

}  // namespace

TEST_CASE("a NAT's public port is for all, for an address or for an address and port") {
  struct Expected {
    Dependence mapping;
    std::size_t ports;  // of three remote endpoints, two of them at one address
  };
  for (const Expected& expected :
       {Expected{kIndependent, 1}, Expected{kByAddress, 2}, Expected{kByPort, 3}}) {
    Policy policy = usual();
    policy.mapping = expected.mapping;
    State state;
    std::set<Endpoint> seen;
    for (const Endpoint& remote : {kRelay, kPeer, kPeerElsewhere})
      seen.insert(send(policy, state, kAlice, remote).header.source);
    CHECK(seen.size() == expected.ports);
    CHECK(state.liveMappings(kStart) == expected.ports);
    CHECK(seen.count(Endpoint{kPublicAddress, 50000}) == 1);  // preserved, by the first
  }
}

TEST_CASE("a NAT lets in anybody, known addresses, or known addresses and ports") {
  for (const Dependence filtering : {kIndependent, kByAddress, kByPort}) {
    Policy policy = usual();
    policy.filtering = filtering;
    State state;
    const Endpoint at = send(policy, state, kAlice, kPeer).header.source;
    const auto from = [&](Endpoint remote) {
      return translateIn(policy, state, udp(remote, at), kStart).reason;
    };
    CHECK(from(kPeer) == Reason::existingSession);
    CHECK(from(kPeerElsewhere) == (filtering == kByPort ? Reason::filtered : Reason::admitted));
    CHECK(from(kRelay) == (filtering == kIndependent ? Reason::admitted : Reason::filtered));
    // What was let in once belongs to a session; a port that nobody has lets in nobody.
    if (filtering != kByPort) CHECK(from(kPeerElsewhere) == Reason::existingSession);
    CHECK(translateIn(policy, state, udp(kPeer, {kPublicAddress, 50001}), kStart).reason ==
          Reason::noMapping);
  }
}

TEST_CASE("a symmetric NAT answers from the port that a stranger was let in by") {
  Policy policy = usual();
  policy.mapping = kByPort;
  policy.filtering = kIndependent;
  State state;
  const Endpoint at = send(policy, state, kAlice, kRelay).header.source;
  const Verdict in = translateIn(policy, state, udp(kPeer, at), kStart);
  REQUIRE(in.reason == Reason::admitted);
  CHECK(in.header == udp(kPeer, kAlice));
  CHECK(send(policy, state, kAlice, kPeer).header.source == at);
}

TEST_CASE("packets from outside keep a NAT's mapping alive only if it says so") {
  for (const Refresh refresh : {Refresh::out, Refresh::both}) {
    Policy policy = usual();
    policy.refresh = refresh;
    State state;
    const Header5 answer = send(policy, state, kAlice, kRelay).header.reversed();
    REQUIRE(translateIn(policy, state, answer, kStart + Duration::s(100)).pass);
    // From outside at 100 s: until 120 s, or until 220 s.
    CHECK(translateIn(policy, state, answer, kStart + Duration::s(121)).pass ==
          (refresh == Refresh::both));
  }
}

TEST_CASE("a NAT forgets sooner what nobody has answered") {
  Policy policy = usual();
  policy.udpUnrepliedTimeout = Duration::s(30);
  State state;
  const Header5 answer = send(policy, state, kAlice, kRelay).header.reversed();
  State answered = state;
  CHECK(translateIn(policy, state, answer, kStart + Duration::s(30)).reason == Reason::noMapping);
  REQUIRE(translateIn(policy, answered, answer, kStart + Duration::s(1)).pass);
  // The answer itself refreshes nothing; what is sent after it lives for the full time.
  send(policy, answered, kAlice, kRelay, Duration::s(2));
  CHECK(translateIn(policy, answered, answer, kStart + Duration::s(121)).pass);
  CHECK_FALSE(translateIn(policy, answered, answer, kStart + Duration::s(122)).pass);
}

TEST_CASE("a NAT that overloads shares a port until two speak to one remote endpoint") {
  Policy policy = usual();
  policy.onCollision = Collision::overload;
  State state;
  const Endpoint shared{kPublicAddress, 50000};
  CHECK(send(policy, state, kAlice, kRelay).header.source == shared);
  CHECK(send(policy, state, kBob, kPeer).header.source == shared);
  CHECK(translateIn(policy, state, udp(kRelay, shared), kStart).header.destination == kAlice);
  CHECK(translateIn(policy, state, udp(kPeer, shared), kStart).header.destination == kBob);
  // Bob to where Alice is known already: another port, for this flow only.
  const Endpoint apart = send(policy, state, kBob, kRelay).header.source;
  CHECK(apart != shared);
  CHECK(apart.port % 2 == 0);
  CHECK(translateIn(policy, state, udp(kRelay, apart), kStart).header.destination == kBob);
  CHECK(send(policy, state, kBob, kPeerElsewhere).header.source == shared);
}

TEST_CASE("a NAT counts its ports up, or draws them, within its range and parity") {
  Policy policy = usual();
  policy.portRange = {2000, 2009};
  policy.ports = PortChoice::sequential;
  State state;
  const auto port = [&](State& of, std::uint16_t inside) {
    return send(policy, of, {kAlice.address, inside}, kRelay).header.source.port;
  };
  CHECK(port(state, 50000) == 2000);
  CHECK(port(state, 50002) == 2002);
  CHECK(port(state, 50001) == 2001);
  policy.parity = false;
  State any;
  CHECK(port(any, 50000) == 2000);
  CHECK(port(any, 50002) == 2001);

  policy.ports = PortChoice::random;
  policy.parity = true;
  State drawn, again;
  std::set<std::uint16_t> ports;
  for (std::uint16_t i = 0; i < 5; ++i) {
    const std::uint16_t even = port(drawn, static_cast<std::uint16_t>(50000 + 2 * i));
    CHECK(even % 2 == 0);
    CHECK(even == port(again, static_cast<std::uint16_t>(50000 + 2 * i)));
    ports.insert(even);
  }
  CHECK(ports == std::set<std::uint16_t>{2000, 2002, 2004, 2006, 2008});
  CHECK(port(drawn, 50010) % 2 == 1);  // no even one is left
}

TEST_CASE("a pool gives a host one address, or addresses by turns") {
  Policy policy = usual();
  policy.addresses = 2;
  const Ipv4 second{kPublicAddress.value + 1};
  State state;
  CHECK(send(policy, state, kAlice, kRelay).header.source == Endpoint{kPublicAddress, 50000});
  CHECK(send(policy, state, kBob, kRelay).header.source == Endpoint{second, 50000});
  CHECK(send(policy, state, {kBob.address, 50002}, kRelay).header.source.address == second);
  CHECK(translateIn(policy, state, udp(kRelay, {second, 50000}), kStart).header.destination ==
        kBob);

  policy.pooling = Pooling::arbitrary;
  State turns;
  CHECK(send(policy, turns, kAlice, kRelay).header.source.address == kPublicAddress);
  CHECK(send(policy, turns, {kAlice.address, 50002}, kRelay).header.source.address == second);
  CHECK(send(policy, turns, kAlice, kPeer).header.source.address ==
        kPublicAddress);  // same mapping
}

TEST_CASE("a host that has used its block of ports, or comes when none is left, is refused") {
  Policy policy = usual();
  policy.portRange = {2000, 2009};
  policy.portsPerHost = 4;  // two blocks: 2000-2003, 2004-2007
  State state;
  const auto from = [&](Ipv4 host, std::uint16_t port) {
    return send(policy, state, {host, port}, kRelay);
  };
  const Ipv4 carol = Ipv4::of(10, 1, 0, 7);
  CHECK(from(kAlice.address, 50000).header.source.port == 2000);
  CHECK(from(kBob.address, 50000).header.source.port == 2004);
  CHECK(from(kAlice.address, 50002).header.source.port == 2002);
  CHECK(from(kAlice.address, 50004).header.source.port == 2001);
  CHECK(from(kAlice.address, 50006).header.source.port == 2003);
  CHECK(from(kAlice.address, 50008).reason == Reason::blockExhausted);
  CHECK(from(carol, 50000).reason == Reason::poolExhausted);
  CHECK(from(kBob.address, 50002).pass);
}

TEST_CASE("one to one, each host has an address and keeps its ports") {
  Policy policy = usual();
  policy.oneToOne = true;
  policy.addresses = 2;
  State state;
  const Ipv4 second{kPublicAddress.value + 1};
  CHECK(send(policy, state, {kAlice.address, 80}, kRelay).header.source ==
        Endpoint{kPublicAddress, 80});
  CHECK(send(policy, state, kBob, kRelay).header.source == Endpoint{second, 50000});
  CHECK(send(policy, state, {Ipv4::of(10, 1, 0, 7), 80}, kRelay).reason == Reason::poolExhausted);
}

TEST_CASE("a NAT that hairpins shows both ends the other's public endpoint") {
  Policy policy = usual();
  State state;
  const Endpoint bobs = send(policy, state, kBob, kRelay).header.source;
  const Endpoint alices = send(policy, state, kAlice, kRelay).header.source;
  CHECK(send(policy, state, kAlice, bobs).reason == Reason::hairpin);
  policy.hairpin = true;
  // Bob has not sent there yet: filtered, like a packet from outside; then he has.
  CHECK(send(policy, state, kAlice, bobs).reason == Reason::filtered);
  const Verdict turned = send(policy, state, kBob, alices);
  CHECK(turned.pass);
  CHECK(turned.turned);
  CHECK(turned.header == udp(bobs, kAlice));
  CHECK(send(policy, state, kAlice, bobs).header == udp(alices, kBob));
  CHECK_FALSE(send(policy, state, kAlice, kRelay).turned);
}

// ---- pairs -------------------------------------------------------------------------------------

namespace {

struct Kind {
  std::string name;
  std::optional<Dependence> mapping;  // none: no NAT
  Dependence filtering = kByPort;
};

// A client behind a NAT of some kind, or in the open.
class Side {
 public:
  Side(const Kind& kind, Ipv4 outside) : open_(!kind.mapping) {
    policy_ = usual();
    policy_.publicAddress = outside;
    policy_.filtering = kind.filtering;
    if (kind.mapping) policy_.mapping = *kind.mapping;
    socket_ = open_ ? Endpoint{outside, 50000} : kAlice;
  }

  // Where the remote endpoint sees it send from.
  Endpoint sends(Endpoint remote) {
    if (open_) return socket_;
    const Verdict verdict = translateOut(policy_, state_, udp(socket_, remote), kStart);
    REQUIRE(verdict.pass);
    return verdict.header.source;
  }
  bool receives(Endpoint from, Endpoint to) {
    if (open_) return to == socket_;
    return translateIn(policy_, state_, udp(from, to), kStart).pass;
  }

 private:
  bool open_;
  Policy policy_;
  State state_;
  Endpoint socket_;
};

// Both learn where a server sees them and send there; who gets a packet answers to its source.
bool reachEachOther(const Kind& one, const Kind& other) {
  std::array<Side, 2> sides{Side{one, Ipv4::of(203, 0, 113, 1)},
                            Side{other, Ipv4::of(198, 51, 100, 1)}};
  std::array<Endpoint, 2> goal{sides[1].sends(kRelay), sides[0].sends(kRelay)};
  std::array<bool, 2> through{};
  for (int round = 0; round < 3; ++round) {
    for (std::size_t from : {0U, 1U}) {
      const Endpoint seen = sides[from].sends(goal[from]);
      through[from] = sides[1 - from].receives(seen, goal[from]);
      if (through[from]) goal[1 - from] = seen;
    }
  }
  return through[0] && through[1];
}

}  // namespace

TEST_CASE("which pairs of NATs two clients get through") {
  const std::array<Kind, 8> kinds{{{"open", {}},
                                   {"EIM/EIF", kIndependent, kIndependent},
                                   {"EIM/ADF", kIndependent, kByAddress},
                                   {"EIM/APDF", kIndependent, kByPort},
                                   {"ADM/ADF", kByAddress, kByAddress},
                                   {"ADM/APDF", kByAddress, kByPort},
                                   {"APDM/ADF", kByPort, kByAddress},
                                   {"APDM/APDF", kByPort, kByPort}}};
  // D: directly; R: by a relay. Ford, Srisuresh and Kegel, "Peer-to-peer communication across
  // network address translators" (2005), and by hand: a packet gets in if the filter is open, or if
  // the port that it is sent to is the one that the receiver sends from, and the one that it comes
  // from is the one that the receiver sends to.
  const std::array<std::string, 8> expected{"DDDDDDDD", "DDDDDDDD", "DDDDDDDD", "DDDDRRRR",
                                            "DDDRRRRR", "DDDRRRRR", "DDDRRRRR", "DDDRRRRR"};
  for (std::size_t row = 0; row < kinds.size(); ++row) {
    for (std::size_t column = 0; column < kinds.size(); ++column) {
      INFO(kinds[row].name << " and " << kinds[column].name);
      CHECK(reachEachOther(kinds[row], kinds[column]) == (expected[row][column] == 'D'));
    }
  }
}
