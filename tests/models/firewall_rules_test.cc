// What a firewall's rules can ask for, and what it does with connections, worked out by hand.
#include <catch2/catch.hpp>

#include "tests/models/firewall_support.h"

using namespace callflow;
using namespace callflow::firewall;
using namespace callflow::firewall::testing;

TEST_CASE("a firewall rule takes lists of addresses, and services by name") {
  Policy policy = closed();
  Rule rule = outRule(Action::allow);
  rule.from = {Prefix{Ipv4::of(10, 1, 0, 5), 32}, Prefix{Ipv4::of(10, 2, 0, 0), 16}};
  rule.to = {wire::Service::acsMedia, wire::Service::acsSignaling};
  policy.rules = {rule};
  const auto passes = [&](Ipv4 from, Ipv4 to) {
    return fresh(policy, Direction::out, udp({from, 50000}, {to, 443})).pass;
  };
  CHECK(passes(Ipv4::of(10, 1, 0, 5), Ipv4::of(20, 202, 255, 255)));
  CHECK_FALSE(passes(Ipv4::of(10, 1, 0, 6), Ipv4::of(20, 202, 255, 255)));
  CHECK(passes(Ipv4::of(10, 2, 9, 9), Ipv4::of(20, 202, 0, 0)));
  CHECK_FALSE(passes(Ipv4::of(10, 2, 9, 9), Ipv4::of(20, 203, 0, 0)));
  // 52.112.0.0/14 ends at 52.115.255.255, 52.120.0.0/14 at 52.123.255.255.
  CHECK(passes(Ipv4::of(10, 2, 9, 9), Ipv4::of(52, 115, 255, 255)));
  CHECK_FALSE(passes(Ipv4::of(10, 2, 9, 9), Ipv4::of(52, 116, 0, 0)));
  CHECK(passes(Ipv4::of(10, 2, 9, 9), Ipv4::of(52, 123, 255, 255)));
  CHECK_FALSE(passes(Ipv4::of(10, 2, 9, 9), Ipv4::of(52, 124, 0, 0)));
}

TEST_CASE("a firewall box asks once where the places of its rules are") {
  Firewall firewall;
  static_cast<Policy&>(firewall) = closed();
  Rule rule = outRule(Action::allow);
  rule.from = {wire::Place{"hq"}};
  rule.to = {wire::Place{"nobody"}};
  firewall.rules = {rule};
  int asked = 0;
  fabric::BoxPlace place{.name = "wall", .outside = {}};
  place.addressesOf = [&](const std::string& name) {
    ++asked;
    return name == "hq" ? std::vector<Prefix>{{Ipv4::of(10, 1, 0, 0), 16}} : std::vector<Prefix>{};
  };
  const auto passes = [&] {
    const auto box = makeBox(firewall, place);
    fabric::Packet packet;
    packet.setHeader(udp(inside, relay));
    const auto action = box->process(packet, fabric::Side::inside, start).action;
    CHECK(box->process(packet, fabric::Side::inside, start).action == action);
    return action == fabric::BoxResult::Action::pass;
  };
  // A place without an address is nowhere.
  CHECK_FALSE(passes());
  CHECK(asked == 2);
  firewall.rules[0].to.clear();
  CHECK(passes());
  CHECK(asked == 3);
}

TEST_CASE("a firewall rule may ask for marks") {
  Policy policy = closed();
  Rule rule = outRule(Action::allow);
  rule.dscp = {wire::Dscp{46}, wire::Dscp{34}};
  policy.rules = {rule};
  const auto passes = [&](std::uint8_t mark) {
    State state;
    return decide(policy, state, Direction::out, udp(inside, relay), start, {wire::Dscp{mark}})
        .pass;
  };
  CHECK(passes(46));
  CHECK(passes(34));
  CHECK_FALSE(passes(0));
  CHECK_FALSE(passes(45));
  policy.rules[0].dscp.clear();
  CHECK(passes(45));
}

TEST_CASE("a UDP flow without an answer is forgotten earlier") {
  Policy policy = closed();
  policy.defaultOut = Action::allow;
  policy.udpUnrepliedTimeout = Duration::s(10);
  State state;
  REQUIRE(decide(policy, state, Direction::out, udp(inside, relay), start).pass);
  // What the inside says again is no answer: it only starts the 10 s anew, at 4 s.
  REQUIRE(decide(policy, state, Direction::out, udp(inside, relay), start + Duration::s(4)).pass);
  State late = state;
  const TimePoint end = start + Duration::s(14);
  CHECK_FALSE(decide(policy, late, Direction::in, udp(relay, inside), end).pass);
  CHECK(decide(policy, state, Direction::in, udp(relay, inside), end - tick).pass);
  // Answered: 30 s from now on.
  late = state;
  CHECK(decide(policy, state, Direction::in, udp(relay, inside), end + udpTimeout - tick - tick)
            .pass);
  CHECK_FALSE(
      decide(policy, late, Direction::in, udp(relay, inside), end + udpTimeout - tick).pass);
}

TEST_CASE("a firewall's time-out for flows without an answer is not for TCP, and shortens only") {
  Policy policy = closed();
  policy.defaultOut = Action::allow;
  policy.udpUnrepliedTimeout = Duration::s(10);
  State state;
  REQUIRE(decide(policy, state, Direction::out, tcp(inside, relay), start).pass);
  CHECK(decide(policy, state, Direction::in, tcp(relay, inside), start + tcpTimeout - tick).pass);

  policy.udpUnrepliedTimeout = Duration::s(40);
  State other;
  REQUIRE(decide(policy, other, Direction::out, udp(inside, relay), start).pass);
  CHECK_FALSE(decide(policy, other, Direction::in, udp(relay, inside), start + udpTimeout).pass);
}

TEST_CASE("a firewall rule's own time-out holds for what it let through") {
  Policy policy = closed();
  policy.udpUnrepliedTimeout = Duration::s(10);
  policy.rules = {outRule(Action::allow, RuleProtocol::any, {{3478, 3478}}),
                  outRule(Action::allow)};
  policy.rules[0].timeout = Duration::s(90);
  for (const Header5& header : {udp(inside, relay), tcp(inside, relay)}) {
    State state;
    REQUIRE(decide(policy, state, Direction::out, header, start).rule == 0);
    const TimePoint answered = start + Duration::s(9);
    REQUIRE(decide(policy, state, Direction::in, header.reversed(), answered).pass);
    State late = state;
    const TimePoint end = answered + Duration::s(90);
    CHECK(decide(policy, state, Direction::in, header.reversed(), end - tick).pass);
    CHECK_FALSE(decide(policy, late, Direction::in, header.reversed(), end).pass);
  }
  // Without an answer 10 s, and by the other rule 30 s.
  State state;
  REQUIRE(decide(policy, state, Direction::out, udp(inside, relay), start).pass);
  CHECK(state.openConnections(start + Duration::s(10) - tick) == 1);
  CHECK(state.openConnections(start + Duration::s(10)) == 0);
  REQUIRE(decide(policy, state, Direction::out, udp(inside, stranger), start).rule == 1);
  REQUIRE(decide(policy, state, Direction::in, udp(stranger, inside), start).pass);
  CHECK(state.openConnections(start + udpTimeout - tick) == 1);
  CHECK(state.openConnections(start + udpTimeout) == 0);
}

namespace {

// The flow of the n-th host.
Header5 flow(std::uint8_t host) {
  return udp({Ipv4::of(10, 1, 1, host), 50000}, relay);
}

}  // namespace

TEST_CASE("a firewall whose table is full refuses new connections until one runs out") {
  Policy policy = closed();
  policy.defaultOut = Action::allow;
  policy.stateTable = 2;
  State state;
  const auto at = [](int seconds) { return start + Duration::s(seconds); };
  const auto send = [&](std::uint8_t host, int seconds) {
    return decide(policy, state, Direction::out, flow(host), at(seconds));
  };
  CHECK(send(1, 0).pass);
  CHECK(send(2, 10).pass);
  const Verdict refused = send(3, 20);
  CHECK(refused == Verdict{false, Reason::tableFull, Direction::out, 0});
  CHECK(describe(policy, refused) == "denied, as the table of connections is full");
  // Those that are open are not touched: the first until 30 s, then until 59 s.
  CHECK(send(1, 29).reason == Reason::existingState);
  CHECK_FALSE(send(3, 39).pass);
  // The second has run out at 40 s.
  CHECK(send(3, 40).pass);
  CHECK(state.openConnections(at(40)) == 2);
  CHECK_FALSE(send(2, 40).pass);
  // What no rule lets pass is not refused for want of room.
  CHECK(decide(policy, state, Direction::in, udp(stranger, inside), at(40)).reason ==
        Reason::defaultPolicy);
}

TEST_CASE("a firewall whose table is full may forget the connection that is idle longest") {
  Policy policy = closed();
  policy.defaultOut = Action::allow;
  policy.stateTable = 2;
  policy.whenFull = WhenFull::forgetOldest;
  State state;
  const auto send = [&](std::uint8_t host, int seconds) {
    return decide(policy, state, Direction::out, flow(host), start + Duration::s(seconds));
  };
  const auto answer = [&](std::uint8_t host, int seconds) {
    return decide(policy, state, Direction::in, flow(host).reversed(),
                  start + Duration::s(seconds));
  };
  CHECK(send(1, 0).reason == Reason::defaultPolicy);
  CHECK(send(2, 1).reason == Reason::defaultPolicy);
  CHECK(answer(1, 2).pass);
  const Verdict third = send(3, 3);  // the second was heard of at 1 s, the first at 2 s
  CHECK(third == Verdict{true, Reason::madeRoom, Direction::out, 0});
  CHECK(describe(policy, third) ==
        "allowed, and the connection longest idle was forgotten, as the table was full");
  CHECK_FALSE(answer(2, 4).pass);
  CHECK(answer(1, 4).pass);
  CHECK(answer(3, 5).pass);
  CHECK(state.openConnections(start + Duration::s(5)) == 2);
  // Over many of them the table never holds more, and always the last two.
  for (int round = 0; round < 200; ++round) {
    const auto host = static_cast<std::uint8_t>(10 + round);
    CAPTURE(round);
    const TimePoint when = start + Duration::s(6) + Duration::ms(round);
    REQUIRE(decide(policy, state, Direction::out, flow(host), when).reason == Reason::madeRoom);
    REQUIRE(state.openConnections(when) == 2);
  }
  CHECK(answer(static_cast<std::uint8_t>(10 + 199), 7).pass);
  CHECK(answer(static_cast<std::uint8_t>(10 + 198), 7).pass);
  CHECK_FALSE(answer(static_cast<std::uint8_t>(10 + 197), 7).pass);
}

TEST_CASE("a firewall that rejects denies, and says so") {
  Policy policy = closed();
  policy.defaultOut = Action::reject;
  policy.rules = {outRule(Action::reject, RuleProtocol::udp)};
  policy.rules[0].text = "{reject: udp}";
  const Verdict byRule = fresh(policy, Direction::out, udp(inside, relay));
  CHECK(byRule == Verdict{false, Reason::rule, Direction::out, 0});
  CHECK(describe(policy, byRule) == "rejected by rule 1: {reject: udp}");
  CHECK(describe(policy, fresh(policy, Direction::out, tcp(inside, relay))) ==
        "rejected by default, as no rule for outbound packets matches");
  CHECK(describe(policy, fresh(policy, Direction::in, tcp(relay, inside))) ==
        "denied by default, as no rule for inbound packets matches");
}

TEST_CASE("a firewall rule that denies after some packets lets these pass and no more") {
  Policy policy = closed();
  policy.defaultOut = Action::allow;
  policy.rules = {outRule(Action::deny, RuleProtocol::udp)};
  policy.rules[0].after = fabric::PacketCount{3};
  State state;
  const auto out = [&](TimePoint when) {
    return decide(policy, state, Direction::out, udp(inside, relay), when);
  };
  const auto in = [&](TimePoint when) {
    return decide(policy, state, Direction::in, udp(relay, inside), when);
  };
  CHECK(out(start).reason == Reason::defaultPolicy);
  CHECK(in(start).reason == Reason::existingState);
  CHECK(out(start).reason == Reason::existingState);
  CHECK(out(start) == Verdict{false, Reason::rule, Direction::out, 0});
  CHECK(in(start) == Verdict{false, Reason::rule, Direction::in, 0});
  // Other flows have packets of their own, and TCP is not meant.
  CHECK(decide(policy, state, Direction::out, udp(inside, stranger), start).pass);
  for (int i = 0; i < 10; ++i)
    CHECK(decide(policy, state, Direction::out, tcp(inside, relay), start).pass);
  // What is denied keeps the flow known: 29 s after each other they stay denied.
  for (int i = 1; i <= 5; ++i) CHECK_FALSE(out(start + Duration::s(29) * i).pass);
  // After 30 s of silence it is a new flow.
  CHECK(out(start + Duration::s(29) * 5 + udpTimeout).reason == Reason::defaultPolicy);
}

TEST_CASE("a firewall rule before the one that denies later keeps its flows open") {
  Policy policy = closed();
  policy.rules = {outRule(Action::allow, RuleProtocol::udp, {{3478, 3478}}), outRule(Action::deny),
                  outRule(Action::allow)};
  policy.rules[1].after = fabric::PacketCount{1};
  State state;
  for (int i = 0; i < 5; ++i)
    CHECK(decide(policy, state, Direction::out, udp(inside, relay), start).pass);
  CHECK(decide(policy, state, Direction::out, udp(inside, stranger), start).rule == 2);
  CHECK(decide(policy, state, Direction::out, udp(inside, stranger), start).rule == 1);
}

TEST_CASE("a firewall rule that denies for a time ends open connections for that time") {
  Policy policy = closed();
  policy.defaultOut = Action::allow;
  policy.rules = {outRule(Action::deny, RuleProtocol::udp)};
  policy.rules[0].since = Duration::s(110);
  policy.rules[0].until = Duration::s(120);
  State state;
  const auto passes = [&](TimePoint when) {
    return decide(policy, state, Direction::out, udp(inside, relay), when).pass;
  };
  const TimePoint since = TimePoint::at(Duration::s(110)), until = TimePoint::at(Duration::s(120));
  CHECK(passes(start));
  CHECK(passes(since - tick));
  CHECK_FALSE(passes(since));
  CHECK_FALSE(decide(policy, state, Direction::in, udp(relay, inside), since).pass);
  CHECK_FALSE(passes(until - tick));
  CHECK(passes(until));
}

TEST_CASE("a firewall rule that allows for a time lets live what it let through") {
  Policy policy = closed();
  policy.rules = {outRule(Action::allow)};
  policy.rules[0].until = Duration::s(110);
  const TimePoint until = TimePoint::at(Duration::s(110));
  State state;
  CHECK(decide(policy, state, Direction::out, udp(inside, relay), until - tick).pass);
  CHECK(decide(policy, state, Direction::out, udp(inside, relay), until).pass);
  CHECK_FALSE(decide(policy, state, Direction::out, udp(inside, stranger), until).pass);
}

TEST_CASE("a firewall rule that inspects lets pass what looks like TLS") {
  Policy policy = closed();
  policy.rules = {outRule(Action::allow, RuleProtocol::any, {{443, 443}, {3478, 3478}})};
  policy.rules[0].inspect = Inspection::tls;
  policy.rules[0].text = "{allow: any}";
  const Endpoint web{relay.address, 443};
  constexpr wire::Sight plain{.dscp = {}, .plain = true};
  State state;
  const Verdict refused = decide(policy, state, Direction::out, tcp(inside, web), start, plain);
  CHECK(refused == Verdict{false, Reason::notTls, Direction::out, 0});
  CHECK(describe(policy, refused) ==
        "denied, as it does not look like TLS, which is asked for by rule 1: {allow: any}");
  CHECK(state.openConnections(start) == 0);
  CHECK(decide(policy, state, Direction::out, tcp(inside, web), start).pass);
  // A connection that opened without a byte is refused when its first ones show.
  CHECK(decide(policy, state, Direction::out, tcp(inside, web), start, plain).reason ==
        Reason::notTls);
  CHECK(decide(policy, state, Direction::in, tcp(web, inside), start).pass);
  // UDP is not looked into.
  CHECK(decide(policy, state, Direction::out, udp(inside, relay), start, plain).pass);
}

TEST_CASE("a firewall in the fabric counts a full table and what it inspects by themselves") {
  GatewayPolicy policy;
  policy.filter = closed();
  policy.filter.stateTable = 1;
  policy.filter.rules = {outRule(Action::allow, RuleProtocol::tcp), outRule(Action::allow)};
  policy.filter.rules[0].inspect = Inspection::tls;
  const auto judge = [](FirewallBox& box, const Header5& header, bool plain) {
    fabric::Packet packet;
    packet.setHeader(header);
    packet.plain = plain;
    return box.process(packet, fabric::Side::inside, start);
  };
  FirewallBox strict(policy);
  const auto inspected = judge(strict, tcp(inside, relay), true);
  CHECK(strict.describeReason(inspected.reason) ==
        "denied, as it does not look like TLS, which is asked for by rule 1");
  CHECK(judge(strict, flow(1), false).action == fabric::BoxResult::Action::pass);
  const auto refused = judge(strict, flow(2), false);
  CHECK(strict.describeReason(refused.reason) == "denied, as the table of connections is full");
  REQUIRE(strict.counts().size() == 3);
  CHECK(strict.counts()[0].reason == "denied, as the table of connections is full");
  CHECK(strict.counts()[1].reason == "allowed by rule 2");
  CHECK(strict.counts()[2].reason ==
        "denied, as it does not look like TLS, which is asked for by rule 1");
  CHECK_FALSE(strict.counts()[2].pass);

  policy.filter.whenFull = WhenFull::forgetOldest;
  FirewallBox forgetful(policy);
  judge(forgetful, flow(1), false);
  CHECK(judge(forgetful, flow(2), false).action == fabric::BoxResult::Action::pass);
  REQUIRE(forgetful.counts().size() == 2);
  CHECK(forgetful.counts()[0].pass);
  CHECK(forgetful.counts()[0].packets == 1);
  CHECK(forgetful.counts()[0].reason ==
        "allowed, and the connection longest idle was forgotten, as the table was full");
}
