// What must hold for boxes one behind the other, as at the perimeter of a site.
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "models/firewall/gateway.h"

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

  Header5 outbound() {
    return {{Ipv4::of(10, 1, 0, static_cast<std::uint8_t>(below(8))),
             static_cast<std::uint16_t>(50000 + below(4))},
            {Ipv4::of(20, 0, 0, static_cast<std::uint8_t>(below(4))),
             static_cast<std::uint16_t>(3478 + below(3))},
            below(3) == 0 ? Protocol::tcp : Protocol::udp};
  }
  Duration pause() { return below(20) == 0 ? Duration::s(below(100)) : Duration::s(below(2)); }

 private:
  std::mt19937 random_;
};

nat::Policy natAt(Ipv4 address) {
  nat::Policy policy;
  policy.udpTimeout = Duration::s(40);
  policy.tcpTimeout = Duration::s(90);
  policy.publicAddress = address;
  return policy;
}

Policy filter() {
  Policy policy;
  Rule stun;
  stun.ports = {{3478, 3479}};
  Rule host;
  host.direction = Direction::in;
  host.to = {wire::Prefix{Ipv4::of(10, 1, 0, 2), 32}};
  policy.rules = {stun, host};
  policy.defaultOut = Action::deny;
  policy.defaultIn = Action::deny;
  policy.udpIdleTimeout = Duration::s(30);
  policy.tcpIdleTimeout = Duration::s(60);
  return policy;
}

struct Gateway {
  GatewayPolicy policy;
  GatewayState state;
};

// Boxes from inside to outside; a packet goes through all of them until one drops it.
struct Chain {
  std::vector<Gateway> boxes;

  bool out(Header5& header, TimePoint now) {
    for (Gateway& box : boxes) {
      const GatewayVerdict verdict = decide(box.policy, box.state, Direction::out, header, now);
      if (!verdict.pass) return false;
      header = verdict.header;
    }
    return true;
  }
  bool in(Header5& header, TimePoint now) {
    for (auto box = boxes.rbegin(); box != boxes.rend(); ++box) {
      const GatewayVerdict verdict = decide(box->policy, box->state, Direction::in, header, now);
      if (!verdict.pass) return false;
      header = verdict.header;
    }
    return true;
  }
};

Policy open() {
  Policy policy;
  policy.defaultIn = Action::allow;
  policy.udpIdleTimeout = Duration::s(30);
  policy.tcpIdleTimeout = Duration::s(60);
  return policy;
}

}  // namespace

TEST_CASE("a firewall with a NAT does what a firewall and a NAT behind it do") {
  const unsigned seed = GENERATE(range(1u, 9u));
  CAPTURE(seed);
  const Ipv4 publicAddress = Ipv4::of(203, 0, 113, 9);
  Chain one, two;
  one.boxes.push_back({{filter(), natAt(publicAddress)}, {}});
  two.boxes.push_back({{filter(), std::nullopt}, {}});
  two.boxes.push_back({{open(), natAt(publicAddress)}, {}});
  two.boxes[1].policy.filter.defaultOut = Action::allow;

  Chance chance(seed);
  TimePoint now;
  std::vector<Header5> left;
  int passed = 0, dropped = 0;
  for (int step = 0; step < 4'000; ++step) {
    now += chance.pause();
    const bool out = left.empty() || chance.below(2) == 0;
    Header5 header = chance.outbound();
    if (!out) {
      const Header5 answered =
          left[static_cast<std::size_t>(chance.below(static_cast<int>(left.size())))];
      header = Header5{chance.below(3) == 0 ? header.destination : answered.destination,
                       answered.source, answered.protocol};
    }
    Header5 first = header, second = header;
    const bool pass = out ? one.out(first, now) : one.in(first, now);
    REQUIRE((out ? two.out(second, now) : two.in(second, now)) == pass);
    ++(pass ? passed : dropped);
    if (!pass) continue;
    REQUIRE(first == second);
    if (out) left.push_back(first);
  }
  CHECK(passed > 200);
  CHECK(dropped > 200);
}

TEST_CASE("an answer finds its way back through a firewall and two NATs") {
  const unsigned seed = GENERATE(range(21u, 27u));
  CAPTURE(seed);
  Chain chain;
  chain.boxes.push_back({{filter(), std::nullopt}, {}});
  chain.boxes.push_back({{open(), natAt(Ipv4::of(100, 64, 0, 9))}, {}});
  chain.boxes.push_back({{open(), natAt(Ipv4::of(203, 0, 113, 9))}, {}});
  Chance chance(seed);
  TimePoint now;
  int answered = 0;
  for (int step = 0; step < 2'000; ++step) {
    now += chance.pause();
    const Header5 sent = chance.outbound();
    Header5 header = sent;
    const bool expected = sent.destination.port <= 3479;
    REQUIRE(chain.out(header, now) == expected);
    if (!expected) continue;
    REQUIRE(header.source.address == Ipv4::of(203, 0, 113, 9));
    Chain later = chain;
    Header5 answer = header.reversed();
    // The firewall is the first to forget.
    const Duration timeout = sent.protocol == Protocol::udp ? Duration::s(30) : Duration::s(60);
    REQUIRE(later.in(answer, now + timeout - Duration::ns(1)));
    REQUIRE(answer == sent.reversed());
    ++answered;
  }
  CHECK(answered > 500);
}

TEST_CASE("one denying box in a chain is enough, wherever it stands") {
  const int denying = GENERATE(0, 1, 2);
  Chain chain;
  for (std::uint8_t i = 0; i < 3; ++i) {
    chain.boxes.push_back({{open(), natAt(Ipv4::of(203, 0, 113, i))}, {}});
  }
  Header5 header{{Ipv4::of(10, 1, 0, 1), 50000}, {Ipv4::of(20, 0, 0, 1), 3478}, Protocol::udp};
  Chain allowed = chain;
  Header5 passing = header;
  REQUIRE(allowed.out(passing, TimePoint{}));
  chain.boxes[static_cast<std::size_t>(denying)].policy.filter.defaultOut = Action::deny;
  CHECK_FALSE(chain.out(header, TimePoint{}));
}
