// The NAT's decisions, each worked out by hand from RFC 4787.
#include "models/nat/policy.h"

#include <catch2/catch.hpp>
#include <set>

#include "models/nat/box.h"

using namespace callflow;
using namespace callflow::nat;
using fabric::Endpoint;
using fabric::Header5;
using fabric::Ipv4;
using fabric::Protocol;

namespace {

constexpr TimePoint start = TimePoint::at(Duration::s(100));
constexpr Duration udpTimeout = Duration::s(120);
constexpr Duration tcpTimeout = Duration::s(7440);
constexpr Duration tick = Duration::ns(1);
constexpr Ipv4 publicAddress = Ipv4::of(203, 0, 113, 9);
constexpr Endpoint alice{Ipv4::of(10, 1, 0, 5), 50000};
constexpr Endpoint bob{Ipv4::of(10, 1, 0, 6), 50000};
constexpr Endpoint relay{Ipv4::of(20, 202, 0, 9), 3478};
constexpr Endpoint peer{Ipv4::of(198, 51, 100, 7), 40000};

constexpr Header5 udp(Endpoint from, Endpoint to) {
  return {from, to, Protocol::udp};
}
constexpr Header5 tcp(Endpoint from, Endpoint to) {
  return {from, to, Protocol::tcp};
}
constexpr Endpoint atPublic(std::uint16_t port) {
  return {publicAddress, port};
}

Policy usual() {
  Policy policy;
  policy.udpTimeout = udpTimeout;
  policy.tcpTimeout = tcpTimeout;
  policy.publicAddress = publicAddress;
  return policy;
}

}  // namespace

TEST_CASE("a NAT replaces the source of what leaves and the destination of what comes back") {
  const Policy policy = usual();
  State state;
  const Verdict out = translateOut(policy, state, udp(alice, relay), start);
  CHECK(out.pass);
  CHECK(out.reason == Reason::newMapping);
  CHECK(out.header == udp(atPublic(50000), relay));
  const Verdict in = translateIn(policy, state, udp(relay, atPublic(50000)), start);
  CHECK(in.pass);
  CHECK(in.reason == Reason::existingSession);
  CHECK(in.header == udp(relay, alice));
}

TEST_CASE("a NAT's mapping is the same for every destination") {
  const Policy policy = usual();
  State state;
  // Bob takes 50000 first, so that Alice's port is not her own.
  REQUIRE(translateOut(policy, state, udp(bob, relay), start).header.source.port == 50000);
  const Verdict first = translateOut(policy, state, udp(alice, relay), start);
  const Verdict second = translateOut(policy, state, udp(alice, peer), start);
  CHECK(first.header.source.port != 50000);
  CHECK(second.header.source == first.header.source);
  CHECK(second.reason == Reason::newSession);
  CHECK(translateOut(policy, state, udp(alice, peer), start).reason == Reason::existingSession);
}

TEST_CASE("a NAT lets in only the address and port that its inside endpoint has sent to") {
  const Policy policy = usual();
  State state;
  REQUIRE(translateOut(policy, state, udp(alice, peer), start).pass);
  const auto reason = [&](Header5 header) {
    const Verdict verdict = translateIn(policy, state, header, start);
    CHECK(verdict.pass == (verdict.reason == Reason::existingSession));
    if (!verdict.pass) CHECK(verdict.header == header);
    return verdict.reason;
  };
  CHECK(reason(udp(peer, atPublic(50000))) == Reason::existingSession);
  CHECK(reason(udp({peer.address, 40001}, atPublic(50000))) == Reason::filtered);
  CHECK(reason(udp({relay.address, 40000}, atPublic(50000))) == Reason::filtered);
  CHECK(reason(udp(peer, atPublic(50001))) == Reason::noMapping);
  CHECK(reason(tcp(peer, atPublic(50000))) == Reason::noMapping);
  CHECK(reason(udp(peer, {Ipv4::of(203, 0, 113, 10), 50000})) == Reason::noMapping);
  // Once Alice has sent there as well, it may come in.
  REQUIRE(translateOut(policy, state, udp(alice, relay), start).pass);
  CHECK(reason(udp(relay, atPublic(50000))) == Reason::existingSession);
}

TEST_CASE("what Alice has opened through a NAT does not let anybody in to Bob") {
  const Policy policy = usual();
  State state;
  REQUIRE(translateOut(policy, state, udp(alice, peer), start).pass);
  const auto bobs = translateOut(policy, state, udp(bob, relay), start).header.source;
  CHECK(translateIn(policy, state, udp(peer, bobs), start).reason == Reason::filtered);
}

TEST_CASE("a NAT keeps the port if it is free, else takes the next of the same parity") {
  const Policy policy = usual();
  State state;
  const auto portOf = [&](Ipv4 host, std::uint16_t port) {
    return translateOut(policy, state, udp({host, port}, relay), start).header.source.port;
  };
  const Ipv4 h1 = Ipv4::of(10, 1, 0, 1), h2 = Ipv4::of(10, 1, 0, 2), h3 = Ipv4::of(10, 1, 0, 3);
  CHECK(portOf(h1, 50000) == 50000);
  CHECK(portOf(h2, 50000) == 1024);  // the search for an even port starts here
  CHECK(portOf(h3, 50000) == 1026);
  CHECK(portOf(h1, 50001) == 50001);
  CHECK(portOf(h2, 50001) == 1025);
  CHECK(portOf(h3, 50001) == 1027);
  CHECK(portOf(h1, 1028) == 1028);
  CHECK(portOf(h2, 1028) == 1030);  // 1028 is taken
  CHECK(portOf(h1, 500) == 1032);   // below the range: never kept
  CHECK(portOf(h1, 65535) == 65535);
}

TEST_CASE("a NAT gives out the ports of UDP and TCP apart") {
  const Policy policy = usual();
  State state;
  CHECK(translateOut(policy, state, udp(alice, relay), start).header.source.port == 50000);
  CHECK(translateOut(policy, state, tcp(bob, relay), start).header.source.port == 50000);
  CHECK(translateIn(policy, state, udp(relay, atPublic(50000)), start).header.destination == alice);
  CHECK(translateIn(policy, state, tcp(relay, atPublic(50000)), start).header.destination == bob);
}

TEST_CASE("a NAT's mapping ends exactly at its time-out") {
  const Policy policy = usual();
  for (const auto& [header, timeout] :
       {std::pair{udp(alice, relay), udpTimeout}, std::pair{tcp(alice, relay), tcpTimeout}}) {
    State state;
    const Header5 answer = translateOut(policy, state, header, start).header.reversed();
    CHECK(translateIn(policy, state, answer, start + timeout - tick).pass);
    CHECK(translateIn(policy, state, answer, start + timeout).reason == Reason::noMapping);
    CHECK(state.liveMappings(start + timeout - tick) == 1);
    CHECK(state.liveMappings(start + timeout) == 0);
  }
}

TEST_CASE("only traffic from inside refreshes a NAT's mapping") {
  const Policy policy = usual();
  const Header5 answer = udp(relay, atPublic(50000));
  State state;
  REQUIRE(translateOut(policy, state, udp(alice, relay), start).pass);
  REQUIRE(translateIn(policy, state, answer, start + Duration::s(100)).pass);
  State refreshed = state;
  CHECK_FALSE(translateIn(policy, state, answer, start + Duration::s(120)).pass);

  // Outbound at 110 s: until 230 s.
  REQUIRE(translateOut(policy, refreshed, udp(alice, relay), start + Duration::s(110)).reason ==
          Reason::existingSession);
  CHECK(translateIn(policy, refreshed, answer, start + Duration::s(230) - tick).pass);
  CHECK_FALSE(translateIn(policy, refreshed, answer, start + Duration::s(230)).pass);
}

TEST_CASE("a NAT's mapping outlives one of its sessions while another is in use") {
  const Policy policy = usual();
  State state;
  REQUIRE(translateOut(policy, state, udp(bob, peer), start).pass);  // takes 50000
  const Endpoint alices = translateOut(policy, state, udp(alice, relay), start).header.source;
  REQUIRE(translateOut(policy, state, udp(alice, peer), start + Duration::s(60)).pass);
  const TimePoint later = start + Duration::s(120);  // bob's mapping and alice's relay session end
  CHECK(translateIn(policy, state, udp(relay, alices), later).reason == Reason::filtered);
  CHECK(translateIn(policy, state, udp(peer, alices), later).pass);
  const Verdict again = translateOut(policy, state, udp(alice, relay), later);
  CHECK(again.reason == Reason::newSession);
  CHECK(again.header.source == alices);
}

TEST_CASE("a NAT's port is free again when its mapping has ended") {
  const Policy policy = usual();
  State state;
  REQUIRE(translateOut(policy, state, udp(alice, relay), start).header.source.port == 50000);
  State late = state;
  CHECK(
      translateOut(policy, state, udp(bob, relay), start + udpTimeout - tick).header.source.port ==
      1024);
  const Verdict bobs = translateOut(policy, late, udp(bob, relay), start + udpTimeout);
  CHECK(bobs.header.source.port == 50000);
  CHECK(translateIn(policy, late, udp(relay, atPublic(50000)), start + udpTimeout)
            .header.destination == bob);
  const Verdict alices = translateOut(policy, late, udp(alice, relay), start + udpTimeout);
  CHECK(alices.reason == Reason::newMapping);
  CHECK(alices.header.source.port == 1024);
}

TEST_CASE("a NAT that forgets one protocol keeps the mappings of the other") {
  Policy policy = usual();
  policy.filtering = Dependence::addressDependent;
  for (const bool udpGoes : {true, false}) {
    INFO((udpGoes ? "udp" : "tcp"));
    const auto gone = udpGoes ? &udp : &tcp;
    const auto kept = udpGoes ? &tcp : &udp;
    State state;
    REQUIRE(translateOut(policy, state, gone(alice, relay), start).header.source.port == 50000);
    REQUIRE(translateOut(policy, state, kept(alice, relay), start).header.source.port == 50000);
    state.forget(udpGoes ? wire::RuleProtocol::udp : wire::RuleProtocol::tcp);
    CHECK(state.liveMappings(start) == 1);
    CHECK(translateIn(policy, state, gone(relay, atPublic(50000)), start).reason ==
          Reason::noMapping);
    CHECK(translateIn(policy, state, kept(relay, atPublic(50000)), start).header ==
          kept(relay, alice));
    // Another port of the relay's address is let in by the permission that is left.
    const Endpoint other{relay.address, 4000};
    CHECK(translateIn(policy, state, kept(other, atPublic(50000)), start).pass);
    CHECK(translateOut(policy, state, kept(alice, relay), start).reason == Reason::existingSession);
    // The port is free for whoever comes first, and what is opened anew works.
    CHECK(translateOut(policy, state, gone(bob, relay), start).header ==
          gone(atPublic(50000), relay));
    const Verdict again = translateOut(policy, state, gone(alice, relay), start);
    CHECK(again.reason == Reason::newMapping);
    CHECK(again.header.source.port != 50000);
    CHECK(translateIn(policy, state, again.header.reversed(), start).header == gone(relay, alice));
  }
}

TEST_CASE("a NAT without a port left has all of a protocol's again when it forgets that") {
  Policy policy = usual();
  policy.portRange = {5000, 5000};
  State state;
  REQUIRE(translateOut(policy, state, udp(alice, relay), start).pass);
  REQUIRE(translateOut(policy, state, udp(bob, relay), start).reason == Reason::portsExhausted);
  REQUIRE(translateOut(policy, state, tcp(alice, relay), start).pass);
  REQUIRE(translateOut(policy, state, tcp(bob, relay), start).reason == Reason::portsExhausted);
  state.forget(wire::RuleProtocol::udp);
  CHECK(translateOut(policy, state, udp(bob, relay), start).header == udp(atPublic(5000), relay));
  CHECK(translateOut(policy, state, tcp(bob, relay), start).reason == Reason::portsExhausted);
}

TEST_CASE("a NAT that forgets one protocol leaves its hosts the blocks of ports that they have") {
  Policy policy = usual();
  policy.portRange = {5000, 5019};
  policy.portsPerHost = 10;
  State state;
  // Alice is first and has 5000 to 5009, Bob the rest.
  REQUIRE(translateOut(policy, state, udp(alice, relay), start).header.source.port < 5010);
  REQUIRE(translateOut(policy, state, tcp(bob, relay), start).header.source.port >= 5010);
  state.forget(wire::RuleProtocol::udp);
  CHECK(translateOut(policy, state, udp(bob, relay), start).header.source.port >= 5010);
  CHECK(translateOut(policy, state, udp(alice, relay), start).header.source.port < 5010);
  state.forget(wire::RuleProtocol::any);
  CHECK(translateOut(policy, state, udp(bob, relay), start).header.source.port < 5010);
}

TEST_CASE("a NAT without a free port drops new flows, says so, and serves the known ones") {
  Policy policy = usual();
  policy.portRange = {2000, 2003};
  State state;
  const auto from = [](std::uint8_t host) { return udp({Ipv4::of(10, 1, 0, host), 50000}, relay); };
  // Port 50000 is even: even ports first, then odd ones.
  CHECK(translateOut(policy, state, from(1), start).header.source.port == 2000);
  CHECK(translateOut(policy, state, from(2), start).header.source.port == 2002);
  CHECK(translateOut(policy, state, from(3), start).header.source.port == 2001);
  CHECK(translateOut(policy, state, from(4), start + Duration::s(1)).header.source.port == 2003);

  const Verdict fifth = translateOut(policy, state, from(5), start + Duration::s(2));
  CHECK_FALSE(fifth.pass);
  CHECK(fifth.reason == Reason::portsExhausted);
  CHECK(fifth.header == from(5));
  // TCP has ports of its own, and known inside endpoints may open more sessions.
  Header5 overTcp = from(5);
  overTcp.protocol = Protocol::tcp;
  CHECK(translateOut(policy, state, overTcp, start + Duration::s(2)).pass);
  CHECK(translateOut(policy, state, udp(from(1).source, peer), start + Duration::s(2)).reason ==
        Reason::newSession);

  // Hosts 2 and 3 fall silent: their ports come free at 120 s, not before.
  CHECK_FALSE(translateOut(policy, state, from(5), start + udpTimeout - tick).pass);
  CHECK(translateOut(policy, state, from(5), start + udpTimeout).header.source.port == 2002);
  CHECK(translateOut(policy, state, from(6), start + udpTimeout).header.source.port == 2001);
  CHECK_FALSE(translateOut(policy, state, from(7), start + udpTimeout).pass);
  CHECK(translateOut(policy, state, from(7), start + udpTimeout + Duration::s(1)).pass);
}

TEST_CASE("a NAT with every port in use gives each to one host") {
  const Policy policy = usual();
  State state;
  std::set<std::uint16_t> ports;
  const int available = 65535 - 1024 + 1;
  const auto from = [](int host) {
    return udp({Ipv4{Ipv4::of(10, 0, 0, 0).value + static_cast<std::uint32_t>(host)}, 50000},
               relay);
  };
  for (int host = 0; host < available; ++host) {
    const Verdict verdict = translateOut(policy, state, from(host), start);
    REQUIRE(verdict.pass);
    ports.insert(verdict.header.source.port);
  }
  CHECK(ports.size() == static_cast<std::size_t>(available));
  CHECK(*ports.begin() == 1024);
  for (int host = available; host < available + 10'000; ++host) {
    REQUIRE(translateOut(policy, state, from(host), start).reason == Reason::portsExhausted);
  }
}

TEST_CASE("a NAT does not send packets from inside back inside") {
  const Policy policy = usual();
  State state;
  REQUIRE(translateOut(policy, state, udp(bob, relay), start).pass);
  CHECK(translateOut(policy, state, udp(alice, atPublic(50000)), start).reason == Reason::hairpin);
  CHECK(state.liveMappings(start) == 1);
}

TEST_CASE("a NAT explains each of its reasons") {
  std::set<std::string> texts;
  for (int i = 0; i < static_cast<int>(Reason::count_); ++i) {
    texts.insert(describe(static_cast<Reason>(i)));
  }
  CHECK(texts.size() == static_cast<std::size_t>(Reason::count_));
  CHECK(texts.count("unknown") == 0);
  CHECK(describe(Verdict{false, Reason::filtered, {}}) ==
        "dropped: the inside endpoint of this public port has not lately sent to this remote "
        "endpoint");
}

TEST_CASE("a NAT in the fabric translates, drops and counts by reason") {
  NatBox box(usual());
  using Outcome = fabric::BoxResult::Action;
  fabric::Packet packet;
  for (int i = 0; i < 3; ++i) {
    packet.setHeader(udp(alice, relay));
    CHECK(box.process(packet, fabric::Side::inside, start).action == Outcome::pass);
    CHECK(packet.header() == udp(atPublic(50000), relay));
  }
  packet.setHeader(udp(relay, atPublic(50000)));
  CHECK(box.process(packet, fabric::Side::outside, start).action == Outcome::translated);
  CHECK(packet.header() == udp(relay, alice));
  packet.setHeader(udp(peer, atPublic(50000)));
  const fabric::BoxResult result = box.process(packet, fabric::Side::outside, start);
  CHECK(result.action == Outcome::drop);
  CHECK(box.describeReason(result.reason) == "dropped: " + describe(Reason::filtered));
  CHECK(packet.header() == udp(peer, atPublic(50000)));

  const auto counts = box.counts();
  REQUIRE(counts.size() == 3);
  CHECK(counts[0].pass);
  CHECK(counts[0].reason == describe(Reason::existingSession));
  CHECK(counts[0].packets == 3);
  CHECK(counts[1].pass);
  CHECK(counts[1].reason == describe(Reason::newMapping));
  CHECK(counts[1].packets == 1);
  CHECK_FALSE(counts[2].pass);
  CHECK(counts[2].packets == 1);
}
