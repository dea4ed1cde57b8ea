// What must hold for a NAT of any policy, tried with 12,000 short random sequences.
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <vector>

#include "models/nat/policy.h"

using namespace callflow;
using namespace callflow::nat;
using wire::Endpoint;
using wire::Header5;
using wire::Ipv4;
using wire::Protocol;

namespace {

class Draws {
 public:
  explicit Draws(unsigned seed) : random_(seed) {}
  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }

  Policy policy() {
    Policy policy;
    policy.publicAddress = Ipv4::of(203, 0, 113, 9);
    policy.mapping = static_cast<Dependence>(below(3));
    policy.filtering = static_cast<Dependence>(below(3));
    policy.ports = static_cast<PortChoice>(below(3));
    policy.onCollision = static_cast<Collision>(below(3));
    if (policy.onCollision == Collision::overload) {
      policy.ports = PortChoice::preserve;
      policy.filtering = Dependence::addressAndPortDependent;
    }
    policy.parity = below(2) == 0;
    const auto first = static_cast<std::uint16_t>(below(2) == 0 ? 1024 : 49'999);
    policy.portRange = {first, static_cast<std::uint16_t>(first + 1 + below(20))};
    policy.addresses = 1 + below(3);
    policy.pooling = static_cast<Pooling>(below(2));
    if (below(4) == 0) {
      policy.portsPerHost = 1 + below(2);
      policy.pooling = Pooling::paired;
    }
    policy.oneToOne = below(8) == 0;
    policy.hairpin = below(2) == 0;
    policy.udpTimeout = Duration::s(20);
    policy.tcpTimeout = Duration::s(40);
    if (below(2) == 0) policy.udpUnrepliedTimeout = Duration::s(10);
    policy.refresh = static_cast<Refresh>(below(2));
    return policy;
  }
  Header5 fromInside() {
    return {{Ipv4::of(10, 1, 0, static_cast<std::uint8_t>(below(6))),
             static_cast<std::uint16_t>(50'000 + below(4))},
            {Ipv4::of(20, 0, 0, static_cast<std::uint8_t>(below(3))),
             static_cast<std::uint16_t>(3478 + below(2))},
            below(3) == 0 ? Protocol::tcp : Protocol::udp};
  }
  Duration pause() { return Duration::s(below(6) == 0 ? below(25) : 0); }

 private:
  std::mt19937 random_;
};

// Who was told to have a public endpoint last, and when that was confirmed.
struct Holder {
  Endpoint inside;
  TimePoint confirmed;
};

}  // namespace

TEST_CASE(
    "whatever its policy, a NAT gives no port to two and translates back what it translated") {
  int passed = 0, refused = 0, turnedBack = 0;
  for (unsigned seed = 0; seed < 12'000; ++seed) {
    CAPTURE(seed);
    Draws draws(seed);
    const Policy policy = draws.policy();
    State state;
    TimePoint now;
    std::map<std::pair<Protocol, Endpoint>, Holder> holders;
    std::vector<Header5> seen;
    for (int step = 0; step < 40; ++step) {
      now += draws.pause();
      if (draws.below(4) == 0 && !seen.empty()) {
        // A stranger or an old acquaintance comes in: only to whoever has the port.
        Header5 header =
            seen[static_cast<std::size_t>(draws.below(static_cast<int>(seen.size())))].reversed();
        if (draws.below(2) == 0) header.source = draws.fromInside().destination;
        const Verdict in = translateIn(policy, state, header, now);
        if (!in.pass) {
          REQUIRE(in.header == header);
          continue;
        }
        REQUIRE(in.header.source == header.source);
        if (policy.onCollision != Collision::overload) {
          REQUIRE(in.header.destination ==
                  holders.at({header.protocol, header.destination}).inside);
        }
        continue;
      }
      const Header5 header = draws.fromInside();
      const Verdict out = translateOut(policy, state, header, now);
      if (!out.pass) {
        REQUIRE(out.header == header);
        ++refused;
        continue;
      }
      ++passed;
      REQUIRE(policy.isPublic(out.header.source.address));
      REQUIRE(out.header.destination == header.destination);
      if (policy.oneToOne) {
        REQUIRE(out.header.source.port == header.source.port);
      } else {
        REQUIRE(policy.portRange.contains(out.header.source.port));
      }
      // Nobody else may have had it within the shortest time-out that there is.
      Holder& holder = holders[{header.protocol, out.header.source}];
      if (policy.onCollision != Collision::overload && holder.inside != Endpoint{} &&
          holder.inside != header.source) {
        REQUIRE(now - holder.confirmed >=
                (header.protocol == Protocol::tcp
                     ? policy.tcpTimeout
                     : policy.udpUnrepliedTimeout.value_or(policy.udpTimeout)));
      }
      holder = {header.source, now};
      const Verdict back = translateIn(policy, state, out.header.reversed(), now);
      REQUIRE(back.pass);
      REQUIRE(back.header == header.reversed());
      seen.push_back(out.header);
      ++turnedBack;
    }
  }
  // The policies were such that both outcomes were tried.
  CHECK(passed > 100'000);
  CHECK(refused > 10'000);
  CHECK(turnedBack == passed);
}
