// What must hold for a firewall whatever its rules and whatever is sent through it, tried with
// seeded random rules and traffic.
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <vector>

#include "models/firewall/policy.h"

using namespace callflow;
using namespace callflow::firewall;
using wire::Endpoint;
using wire::Header5;
using wire::Ipv4;
using wire::Protocol;

namespace {

class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}

  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  bool coin() { return below(2) == 0; }

  Endpoint inside() {
    return {Ipv4::of(10, 1, 0, static_cast<std::uint8_t>(below(6))),
            static_cast<std::uint16_t>(50000 + below(4))};
  }
  Endpoint outside() {
    return {Ipv4::of(20, 0, static_cast<std::uint8_t>(below(3)), 7),
            static_cast<std::uint16_t>(3476 + below(6))};
  }
  Header5 outbound() { return {inside(), outside(), coin() ? Protocol::udp : Protocol::tcp}; }
  Duration pause() { return below(10) == 0 ? Duration::s(below(60)) : Duration::s(below(2)); }

  Rule rule() {
    Rule rule;
    rule.action = coin() ? Action::allow : Action::deny;
    rule.protocol = static_cast<RuleProtocol>(below(3));
    rule.direction = coin() ? Direction::out : Direction::in;
    if (coin()) rule.from = {prefix()};
    if (coin()) rule.to = {prefix()};
    if (coin()) {
      const auto first = static_cast<std::uint16_t>(3476 + below(6));
      rule.ports.push_back({first, static_cast<std::uint16_t>(first + below(3))});
    }
    return rule;
  }

  Policy policy() {
    Policy policy;
    for (int rules = below(6); rules > 0; --rules) policy.rules.push_back(rule());
    policy.defaultOut = coin() ? Action::allow : Action::deny;
    policy.defaultIn = coin() ? Action::allow : Action::deny;
    policy.udpIdleTimeout = Duration::s(1 + below(30));
    policy.tcpIdleTimeout = Duration::s(1 + below(60));
    return policy;
  }

 private:
  wire::Prefix prefix() {
    const Ipv4 address = coin() ? inside().address : outside().address;
    return {address, 8 * (1 + below(4))};
  }

  std::mt19937 random_;
};

Duration timeoutOf(const Policy& policy, Protocol protocol) {
  return protocol == Protocol::udp ? policy.udpIdleTimeout : policy.tcpIdleTimeout;
}

}  // namespace

TEST_CASE("an answer to anything that a firewall passed passes before the idle time-out") {
  const unsigned seed = GENERATE(range(1u, 41u));
  CAPTURE(seed);
  Chance chance(seed);
  const Policy policy = chance.policy();
  State state;
  TimePoint now;
  for (int step = 0; step < 500; ++step) {
    now += chance.pause();
    const bool out = chance.coin();
    const Header5 outbound = chance.outbound();
    const Header5 header = out ? outbound : outbound.reversed();
    const Verdict verdict =
        decide(policy, state, out ? Direction::out : Direction::in, header, now);
    if (!verdict.pass) continue;
    State later = state;
    const TimePoint lastMoment = now + timeoutOf(policy, header.protocol) - Duration::ns(1);
    const Verdict answer =
        decide(policy, later, out ? Direction::in : Direction::out, header.reversed(), lastMoment);
    REQUIRE(answer.pass);
    REQUIRE(answer.reason == Reason::existingState);
  }
}

TEST_CASE("a firewall decides about one flow as if it were alone") {
  const unsigned seed = GENERATE(range(101u, 141u));
  CAPTURE(seed);
  Chance chance(seed);
  const Policy policy = chance.policy();
  State shared;
  std::map<Header5, State> alone;  // by the outbound header
  TimePoint now;
  for (int step = 0; step < 1'000; ++step) {
    now += chance.pause();
    const Header5 flow = chance.outbound();
    const bool out = chance.coin();
    const Direction direction = out ? Direction::out : Direction::in;
    const Header5 header = out ? flow : flow.reversed();
    REQUIRE(decide(policy, shared, direction, header, now) ==
            decide(policy, alone[flow], direction, header, now));
  }
}

TEST_CASE("a firewall's rules decide exactly when no connection is open") {
  const unsigned seed = GENERATE(range(201u, 241u));
  CAPTURE(seed);
  Chance chance(seed);
  const Policy policy = chance.policy();
  State state;
  std::map<Header5, TimePoint> lastPassed;  // by the outbound header
  TimePoint now;
  for (int step = 0; step < 1'000; ++step) {
    now += chance.pause();
    const Header5 flow = chance.outbound();
    const bool out = chance.coin();
    const Direction direction = out ? Direction::out : Direction::in;
    const Header5 header = out ? flow : flow.reversed();
    const Verdict verdict = decide(policy, state, direction, header, now);

    const auto last = lastPassed.find(flow);
    const bool open =
        last != lastPassed.end() && now - last->second < timeoutOf(policy, flow.protocol);
    REQUIRE((verdict.reason == Reason::existingState) == open);
    if (verdict.pass) lastPassed[flow] = now;
    if (open) continue;

    // No rule before the one named matches: without it and those behind it, the default decides.
    const auto byRules = [&](const Policy& rules) {
      State none;
      return decide(rules, none, direction, header, now).reason;
    };
    Policy shorter = policy;
    const std::size_t kept = verdict.reason == Reason::rule ? verdict.rule : policy.rules.size();
    shorter.rules.resize(kept);
    REQUIRE(byRules(shorter) == Reason::defaultPolicy);
    if (verdict.reason == Reason::rule) {
      REQUIRE(verdict.pass == (policy.rules[verdict.rule].action == Action::allow));
      Policy only = policy;
      only.rules = {policy.rules[verdict.rule]};
      REQUIRE(byRules(only) == Reason::rule);
    }
  }
}
