// The firewall's decisions, each worked out by hand from the rules as written.
#include <catch2/catch.hpp>

#include "tests/models/firewall_support.h"

using namespace callflow;
using namespace callflow::firewall;
using namespace callflow::firewall::testing;

TEST_CASE("the first matching firewall rule decides, not the most specific") {
  Policy policy = closed();
  policy.rules = {outRule(Action::allow, RuleProtocol::udp, {{3478, 3481}}),
                  outRule(Action::deny, RuleProtocol::udp),
                  outRule(Action::allow, RuleProtocol::udp, {{40000, 40000}}),
                  outRule(Action::allow, RuleProtocol::tcp, {{443, 443}})};

  CHECK(fresh(policy, Direction::out, udp(inside, relay)) ==
        Verdict{true, Reason::rule, Direction::out, 0});
  // Rule 3 would allow it, but rule 2 comes first.
  CHECK(fresh(policy, Direction::out, udp(inside, stranger)) ==
        Verdict{false, Reason::rule, Direction::out, 1});
  CHECK(fresh(policy, Direction::out, tcp(inside, {relay.address, 443})) ==
        Verdict{true, Reason::rule, Direction::out, 3});
  CHECK(fresh(policy, Direction::out, tcp(inside, {relay.address, 80})) ==
        Verdict{false, Reason::defaultPolicy, Direction::out, 0});
}

TEST_CASE("a firewall's default applies per direction, and only where no rule matches") {
  Policy policy = closed();
  policy.defaultOut = Action::allow;
  CHECK(fresh(policy, Direction::out, udp(inside, stranger)) ==
        Verdict{true, Reason::defaultPolicy, Direction::out, 0});
  CHECK(fresh(policy, Direction::in, udp(stranger, inside)) ==
        Verdict{false, Reason::defaultPolicy, Direction::in, 0});

  policy.defaultOut = Action::deny;
  policy.defaultIn = Action::allow;
  CHECK_FALSE(fresh(policy, Direction::out, udp(inside, stranger)).pass);
  CHECK(fresh(policy, Direction::in, udp(stranger, inside)).pass);
}

TEST_CASE("a firewall rule holds for its own direction only") {
  Policy policy = closed();
  policy.rules = {outRule(Action::allow)};
  CHECK(fresh(policy, Direction::out, udp(inside, relay)).pass);
  CHECK_FALSE(fresh(policy, Direction::in, udp(relay, inside)).pass);
  policy.rules[0].direction = Direction::in;
  CHECK_FALSE(fresh(policy, Direction::out, udp(inside, relay)).pass);
  CHECK(fresh(policy, Direction::in, udp(relay, inside)).pass);
}

TEST_CASE("a firewall rule's ports are ranges of destination ports, ends included") {
  Policy policy = closed();
  policy.rules = {outRule(Action::allow, RuleProtocol::any, {{3478, 3481}, {443, 443}})};
  const auto passes = [&](std::uint16_t port) {
    return fresh(policy, Direction::out, udp(inside, {relay.address, port})).pass;
  };
  CHECK_FALSE(passes(3477));
  CHECK(passes(3478));
  CHECK(passes(3481));
  CHECK_FALSE(passes(3482));
  CHECK(passes(443));
  CHECK_FALSE(passes(442));
  CHECK_FALSE(passes(444));
  // The source port does not count.
  CHECK_FALSE(fresh(policy, Direction::out, udp({inside.address, 443}, {relay.address, 80})).pass);
}

TEST_CASE("a firewall rule names source and destination by prefixes") {
  Policy policy = closed();
  Rule rule = outRule(Action::allow);
  rule.from = {Prefix{Ipv4::of(10, 1, 0, 0), 16}};
  rule.to = {Prefix{Ipv4::of(20, 202, 0, 0), 16}};
  Rule other = rule;
  other.to = {Prefix{Ipv4::of(52, 112, 0, 0), 14}};
  policy.rules = {rule, other};
  const auto passes = [&](Ipv4 from, Ipv4 to) {
    return fresh(policy, Direction::out, udp({from, 50000}, {to, 3478})).pass;
  };
  CHECK(passes(Ipv4::of(10, 1, 255, 255), Ipv4::of(20, 202, 0, 0)));
  CHECK_FALSE(passes(Ipv4::of(10, 2, 0, 0), Ipv4::of(20, 202, 0, 0)));
  CHECK_FALSE(passes(Ipv4::of(10, 1, 0, 1), Ipv4::of(20, 201, 255, 255)));
  // 52.112.0.0/14 is 52.112.0.0 to 52.115.255.255.
  CHECK(passes(Ipv4::of(10, 1, 0, 1), Ipv4::of(52, 115, 255, 255)));
  CHECK_FALSE(passes(Ipv4::of(10, 1, 0, 1), Ipv4::of(52, 116, 0, 0)));
}

TEST_CASE("a prefix of length 0 holds every address, one of 32 a single one") {
  CHECK(Prefix{Ipv4::of(1, 2, 3, 4), 0}.contains(Ipv4::of(255, 255, 255, 255)));
  CHECK(Prefix{Ipv4::of(1, 2, 3, 4), 32}.contains(Ipv4::of(1, 2, 3, 4)));
  CHECK_FALSE(Prefix{Ipv4::of(1, 2, 3, 4), 32}.contains(Ipv4::of(1, 2, 3, 5)));
  CHECK(Prefix{Ipv4::of(128, 0, 0, 0), 1}.contains(Ipv4::of(200, 0, 0, 0)));
  CHECK_FALSE(Prefix{Ipv4::of(128, 0, 0, 0), 1}.contains(Ipv4::of(127, 0, 0, 0)));
}

TEST_CASE("an answer to what a firewall let out passes without a rule, and only that") {
  Policy policy = closed();
  policy.defaultOut = Action::allow;
  State state;
  REQUIRE(decide(policy, state, Direction::out, udp(inside, relay), start).pass);

  CHECK(decide(policy, state, Direction::in, udp(relay, inside), start) ==
        Verdict{true, Reason::existingState, Direction::in, 0});
  CHECK_FALSE(decide(policy, state, Direction::in, tcp(relay, inside), start).pass);
  CHECK_FALSE(decide(policy, state, Direction::in, udp({relay.address, 3479}, inside), start).pass);
  CHECK_FALSE(
      decide(policy, state, Direction::in, udp(relay, {inside.address, 50001}), start).pass);
  CHECK_FALSE(decide(policy, state, Direction::in, udp(stranger, inside), start).pass);
}

TEST_CASE("an answer to what a firewall let in passes without a rule") {
  Policy policy = closed();
  Rule rule;
  rule.direction = Direction::in;
  policy.rules = {rule};
  State state;
  REQUIRE(decide(policy, state, Direction::in, udp(stranger, inside), start).pass);
  CHECK(decide(policy, state, Direction::out, udp(inside, stranger), start).reason ==
        Reason::existingState);
  CHECK_FALSE(decide(policy, state, Direction::out, udp(inside, relay), start).pass);
}

TEST_CASE("a dropped packet opens no connection") {
  Policy policy = closed();
  State state;
  REQUIRE_FALSE(decide(policy, state, Direction::out, udp(inside, relay), start).pass);
  CHECK_FALSE(decide(policy, state, Direction::in, udp(relay, inside), start).pass);
  CHECK(state.openConnections(start) == 0);
}

TEST_CASE("a firewall's connection closes exactly at its idle time-out") {
  Policy policy = closed();
  policy.defaultOut = Action::allow;
  for (const auto& [header, timeout] :
       {std::pair{udp(inside, relay), udpTimeout}, std::pair{tcp(inside, relay), tcpTimeout}}) {
    State state;
    REQUIRE(decide(policy, state, Direction::out, header, start).pass);
    State late = state;
    CHECK(decide(policy, state, Direction::in, header.reversed(), start + timeout - tick).pass);
    CHECK_FALSE(decide(policy, late, Direction::in, header.reversed(), start + timeout).pass);
    CHECK(late.openConnections(start + timeout - tick) == 1);
    CHECK(late.openConnections(start + timeout) == 0);
  }
}

TEST_CASE("traffic in either direction keeps a firewall's connection open") {
  Policy policy = closed();
  policy.defaultOut = Action::allow;
  State state;
  REQUIRE(decide(policy, state, Direction::out, udp(inside, relay), start).pass);
  // Inbound at 20 s: open until 50 s.
  const TimePoint inbound = start + Duration::s(20);
  REQUIRE(decide(policy, state, Direction::in, udp(relay, inside), inbound).pass);
  // Outbound at 49 s: open until 79 s.
  const TimePoint outbound = start + Duration::s(49);
  CHECK(decide(policy, state, Direction::out, udp(inside, relay), outbound).reason ==
        Reason::existingState);
  State late = state;
  CHECK(decide(policy, state, Direction::in, udp(relay, inside), start + Duration::s(79) - tick)
            .pass);
  CHECK_FALSE(
      decide(policy, late, Direction::in, udp(relay, inside), start + Duration::s(79)).pass);
}

TEST_CASE("after its time-out, a flow is judged by the rules again") {
  Policy policy = closed();
  policy.rules = {outRule(Action::allow)};
  State state;
  REQUIRE(decide(policy, state, Direction::out, udp(inside, relay), start).reason == Reason::rule);
  CHECK(decide(policy, state, Direction::out, udp(inside, relay), start + udpTimeout).reason ==
        Reason::rule);
  CHECK(decide(policy, state, Direction::in, udp(relay, inside), start + udpTimeout).pass);
}

TEST_CASE("a firewall's time-out may be endless") {
  Policy policy = closed();
  policy.defaultOut = Action::allow;
  policy.udpIdleTimeout = Duration::max();
  State state;
  REQUIRE(decide(policy, state, Direction::out, udp(inside, relay), start).pass);
  CHECK(decide(policy, state, Direction::in, udp(relay, inside), TimePoint::max() - Duration::ns(1))
            .pass);
}

TEST_CASE("a firewall keeps every open connection and forgets closed ones as it grows") {
  Policy policy = closed();
  policy.defaultOut = Action::allow;
  State state;
  const auto from = [](int host) {
    return udp({Ipv4{Ipv4::of(10, 0, 0, 0).value + static_cast<std::uint32_t>(host)}, 50000},
               relay);
  };
  // One connection every 10 ms for 100 s: the last 30 s of them are open, 3000.
  const auto at = [](int host) { return start + Duration::ms(10) * host; };
  for (int host = 0; host < 10'000; ++host) {
    REQUIRE(decide(policy, state, Direction::out, from(host), at(host)).pass);
  }
  const TimePoint end = at(9'999);
  CHECK(state.openConnections(end) == 3000);
  int open = 0;
  for (int host = 0; host < 10'000; ++host) {
    if (decide(policy, state, Direction::in, from(host).reversed(), end).pass) ++open;
  }
  CHECK(open == 3000);
}

TEST_CASE("a firewall that forgets one protocol keeps the connections of the other") {
  Policy policy = closed();
  policy.defaultOut = Action::allow;
  for (const bool udpGoes : {true, false}) {
    INFO((udpGoes ? "udp" : "tcp"));
    const auto gone = udpGoes ? &udp : &tcp;
    const auto kept = udpGoes ? &tcp : &udp;
    State state;
    REQUIRE(decide(policy, state, Direction::out, gone(inside, relay), start).pass);
    REQUIRE(decide(policy, state, Direction::out, kept(inside, relay), start).pass);
    state.forget(udpGoes ? RuleProtocol::udp : RuleProtocol::tcp);
    CHECK(state.openConnections(start) == 1);
    CHECK_FALSE(decide(policy, state, Direction::in, gone(relay, inside), start).pass);
    CHECK(decide(policy, state, Direction::in, kept(relay, inside), start).reason ==
          Reason::existingState);
    REQUIRE(decide(policy, state, Direction::out, gone(inside, relay), start).pass);
    CHECK(decide(policy, state, Direction::in, gone(relay, inside), start).pass);
    state.forget(RuleProtocol::any);
    CHECK(state.openConnections(start) == 0);
  }
}

TEST_CASE("a firewall explains itself in the user's words") {
  Policy policy = closed();
  policy.rules = {outRule(Action::allow, RuleProtocol::tcp), outRule(Action::deny)};
  policy.rules[1].text = "{deny: any}";
  policy.rules[1].pos = {std::make_shared<const std::string>("lib/contoso.yaml"), 18, 9};
  State state;
  const auto say = [&](Direction direction, const Header5& header) {
    return describe(policy, decide(policy, state, direction, header, start));
  };
  CHECK(say(Direction::out, tcp(inside, relay)) == "allowed by rule 1");
  CHECK(say(Direction::in, tcp(relay, inside)) == "allowed as part of an open connection");
  CHECK(say(Direction::out, udp(inside, relay)) ==
        "denied by rule 2 (contoso.yaml:18): {deny: any}");
  CHECK(say(Direction::in, udp(relay, inside)) ==
        "denied by default, as no rule for inbound packets matches");
  policy.rules.clear();
  policy.defaultOut = Action::allow;
  CHECK(say(Direction::out, udp(inside, relay)) ==
        "allowed by default, as no rule for outbound packets matches");
}

namespace {

const Ipv4 publicAddress = Ipv4::of(203, 0, 113, 9);

GatewayPolicy gateway() {
  GatewayPolicy policy;
  policy.filter = closed();
  policy.filter.defaultOut = Action::allow;
  policy.nat.emplace();
  policy.nat->publicAddress = publicAddress;
  policy.nat->udpTimeout = Duration::s(120);
  policy.nat->tcpTimeout = Duration::s(7440);
  return policy;
}

}  // namespace

TEST_CASE("a gateway filters by inside addresses in both directions") {
  GatewayPolicy policy = gateway();
  policy.filter.defaultOut = Action::deny;
  Rule rule = outRule(Action::allow);
  rule.from = {Prefix{inside.address, 32}};
  policy.filter.rules = {rule};
  GatewayState state;

  const GatewayVerdict out = decide(policy, state, Direction::out, udp(inside, relay), start);
  REQUIRE(out.pass);
  CHECK(out.header == udp({publicAddress, 50000}, relay));
  CHECK(out.filter.reason == Reason::rule);
  CHECK(out.natReason == nat::Reason::newMapping);

  const GatewayVerdict in =
      decide(policy, state, Direction::in, udp(relay, {publicAddress, 50000}), start);
  REQUIRE(in.pass);
  CHECK(in.header == udp(relay, inside));
  CHECK(in.filter.reason == Reason::existingState);

  const Endpoint other{Ipv4::of(10, 1, 0, 6), 50000};
  const GatewayVerdict refused = decide(policy, state, Direction::out, udp(other, relay), start);
  CHECK_FALSE(refused.pass);
  CHECK_FALSE(refused.byNat);
  CHECK(refused.header == udp(other, relay));
}

TEST_CASE("what a gateway's filter denies outbound takes no public port") {
  GatewayPolicy policy = gateway();
  policy.filter.defaultOut = Action::deny;
  GatewayState state;
  REQUIRE_FALSE(decide(policy, state, Direction::out, udp(inside, relay), start).pass);
  CHECK(state.nat.liveMappings(start) == 0);
}

TEST_CASE("a gateway drops inbound by its NAT before its filter, and says which") {
  GatewayPolicy policy = gateway();
  policy.filter.defaultIn = Action::allow;
  GatewayState state;
  const Header5 unsolicited = udp(stranger, {publicAddress, 50000});
  const GatewayVerdict dropped = decide(policy, state, Direction::in, unsolicited, start);
  CHECK_FALSE(dropped.pass);
  CHECK(dropped.byNat);
  CHECK(dropped.natReason == nat::Reason::noMapping);
  CHECK(state.filter.openConnections(start) == 0);
  CHECK(describe(policy, dropped) ==
        "dropped by its NAT: no inside endpoint holds this public port");
}

TEST_CASE("a gateway's filter can close before its NAT does") {
  const GatewayPolicy policy = gateway();
  GatewayState state;
  REQUIRE(decide(policy, state, Direction::out, udp(inside, relay), start).pass);
  const GatewayVerdict late = decide(policy, state, Direction::in,
                                     udp(relay, {publicAddress, 50000}), start + Duration::s(30));
  CHECK_FALSE(late.pass);
  CHECK_FALSE(late.byNat);
  CHECK(describe(policy, late) == "denied by default, as no rule for inbound packets matches");
}

TEST_CASE("a gateway without a NAT leaves addresses alone") {
  GatewayPolicy policy = gateway();
  policy.nat.reset();
  GatewayState state;
  const GatewayVerdict out = decide(policy, state, Direction::out, udp(inside, relay), start);
  CHECK(out.pass);
  CHECK(out.header == udp(inside, relay));
  CHECK(decide(policy, state, Direction::in, udp(relay, inside), start).pass);
}

TEST_CASE("a firewall with a NAT forgets the flows of both") {
  FirewallBox box(gateway());
  const auto sent = [&](Header5 header) {
    fabric::Packet packet;
    packet.setHeader(header);
    REQUIRE(box.process(packet, fabric::Side::inside, start).action ==
            fabric::BoxResult::Action::pass);
    return packet.header();
  };
  const auto comesBack = [&](Header5 header) {
    fabric::Packet packet;
    packet.setHeader(header.reversed());
    return box.process(packet, fabric::Side::outside, start).action !=
           fabric::BoxResult::Action::drop;
  };
  const Header5 overUdp = sent(udp(inside, relay));
  const Header5 overTcp = sent(tcp(inside, relay));
  REQUIRE(comesBack(overUdp));
  REQUIRE(comesBack(overTcp));
  box.forget(RuleProtocol::udp);
  CHECK_FALSE(comesBack(overUdp));
  CHECK(comesBack(overTcp));
  sent(udp(inside, relay));
  box.forget(RuleProtocol::tcp);
  CHECK(comesBack(overUdp));
  CHECK_FALSE(comesBack(overTcp));
}

TEST_CASE("a firewall in the fabric passes, drops and counts by reason") {
  GatewayPolicy policy = gateway();
  policy.nat.reset();
  policy.filter.rules = {outRule(Action::allow, RuleProtocol::udp, {{3478, 3481}}),
                         outRule(Action::deny)};
  policy.filter.rules[1].text = "{deny: any}";
  FirewallBox box(policy);
  using Outcome = fabric::BoxResult::Action;
  const auto process = [&](const Header5& header, fabric::Side from) {
    fabric::Packet packet;
    packet.setHeader(header);
    const fabric::BoxResult result = box.process(packet, from, start);
    CHECK(packet.header() == header);
    return result;
  };
  CHECK(process(udp(inside, relay), fabric::Side::inside).action == Outcome::pass);
  CHECK(process(udp(inside, relay), fabric::Side::inside).action == Outcome::pass);
  CHECK(process(udp(relay, inside), fabric::Side::outside).action == Outcome::pass);
  const fabric::BoxResult byRule = process(tcp(inside, relay), fabric::Side::inside);
  CHECK(byRule.action == Outcome::drop);
  CHECK(box.describeReason(byRule.reason) == "denied by rule 2: {deny: any}");
  const fabric::BoxResult byDefault = process(udp(stranger, inside), fabric::Side::outside);
  CHECK(byDefault.action == Outcome::drop);
  CHECK(box.describeReason(byDefault.reason) ==
        "denied by default, as no rule for inbound packets matches");

  const auto counts = box.counts();
  REQUIRE(counts.size() == 4);
  CHECK(counts[0].pass);
  CHECK(counts[0].reason == "allowed as part of an open connection");
  CHECK(counts[0].packets == 2);
  CHECK_FALSE(counts[1].pass);
  CHECK(counts[1].reason == "denied by default, as no rule for inbound packets matches");
  CHECK(counts[1].packets == 1);
  CHECK(counts[2].pass);
  CHECK(counts[2].reason == "allowed by rule 1");
  CHECK(counts[2].packets == 1);
  CHECK_FALSE(counts[3].pass);
  CHECK(counts[3].packets == 1);
}

TEST_CASE(
    "a firewall with a NAT in the fabric changes addresses and asks for a new route inbound") {
  FirewallBox box(gateway());
  fabric::Packet packet;
  packet.setHeader(udp(inside, relay));
  CHECK(box.process(packet, fabric::Side::inside, start).action == fabric::BoxResult::Action::pass);
  CHECK(packet.header() == udp({publicAddress, 50000}, relay));
  packet.setHeader(udp(relay, {publicAddress, 50000}));
  CHECK(box.process(packet, fabric::Side::outside, start).action ==
        fabric::BoxResult::Action::translated);
  CHECK(packet.header() == udp(relay, inside));
  packet.setHeader(udp(stranger, {publicAddress, 50000}));
  const fabric::BoxResult dropped = box.process(packet, fabric::Side::outside, start);
  CHECK(dropped.action == fabric::BoxResult::Action::drop);
  CHECK(packet.header() == udp(stranger, {publicAddress, 50000}));
  CHECK(box.describeReason(dropped.reason) ==
        "dropped by its NAT: the inside endpoint of this public port has not lately sent to this "
        "remote endpoint");
  CHECK(box.counts().size() == 3);
}

TEST_CASE("a firewall in the fabric counts each of very many rules") {
  GatewayPolicy policy = gateway();
  policy.nat.reset();
  for (int port = 0; port < 300; ++port) {
    const auto number = static_cast<std::uint16_t>(1000 + port);
    policy.filter.rules.push_back(outRule(Action::deny, RuleProtocol::udp, {{number, number}}));
  }
  FirewallBox box(policy);
  const auto reasonOf = [&](std::uint16_t port) {
    fabric::Packet packet;
    packet.setHeader(udp(inside, {relay.address, port}));
    return box.describeReason(box.process(packet, fabric::Side::inside, start).reason);
  };
  CHECK(reasonOf(1000) == "denied by rule 1");
  CHECK(reasonOf(1244) == "denied by rule 245");
  CHECK(reasonOf(1245) == "denied by rule 246");
  CHECK(reasonOf(1299) == "denied by rule 300");
  const auto counts = box.counts();
  REQUIRE(counts.size() == 4);
  CHECK(counts[3].reason == "denied by rule 300");
}
