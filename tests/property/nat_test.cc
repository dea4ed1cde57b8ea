// What must hold for a NAT whatever is sent through it, tried with seeded random traffic and
// checked against a plain reference that keeps everything and forgets nothing.
#include <algorithm>
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

constexpr Ipv4 publicAddress = Ipv4::of(203, 0, 113, 9);

Policy shortLived() {
  Policy policy;
  policy.udpTimeout = Duration::s(30);
  policy.tcpTimeout = Duration::s(90);
  policy.publicAddress = publicAddress;
  return policy;
}

Duration timeoutOf(const Policy& policy, Protocol protocol) {
  return protocol == Protocol::udp ? policy.udpTimeout : policy.tcpTimeout;
}

class Traffic {
 public:
  explicit Traffic(unsigned seed) : random_(seed) {}

  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  // Few hosts, ports and remotes, so that they meet often.
  Endpoint inside() {
    return {Ipv4::of(10, 1, 0, static_cast<std::uint8_t>(below(12))),
            static_cast<std::uint16_t>(50000 + below(5))};
  }
  Endpoint remote() {
    return {Ipv4::of(20, 0, 0, static_cast<std::uint8_t>(below(4))),
            static_cast<std::uint16_t>(3478 + below(3))};
  }
  Protocol protocol() { return below(3) == 0 ? Protocol::tcp : Protocol::udp; }
  // Mostly many packets at once, at times long pauses; whole seconds, so that time-outs are met
  // exactly.
  Duration pause() { return below(20) == 0 ? Duration::s(below(100)) : Duration::s(below(2)); }

 private:
  std::mt19937 random_;
};

// RFC 4787 in words of maps: the last time that each inside endpoint, and each flow, sent outbound.
class Reference {
 public:
  explicit Reference(const Policy& policy) : policy_(policy) {}

  bool live(TimePoint sent, Protocol protocol, TimePoint now) const {
    return now - sent < timeoutOf(policy_, protocol);
  }

  // Learns an outbound packet and the port that it left by. Says whether that port was allowed.
  bool out(const Header5& before, std::uint16_t port, TimePoint now) {
    const auto key = std::pair{before.protocol, before.source};
    bool right = true;
    const auto known = mappings_.find(key);
    if (known != mappings_.end() && live(known->second.sent, before.protocol, now)) {
      right = known->second.port == port;
    } else {
      for (const auto& [other, mapping] : mappings_) {
        if (other.first == before.protocol && mapping.port == port &&
            live(mapping.sent, before.protocol, now)) {
          right = false;
        }
      }
    }
    mappings_[key] = {port, now};
    flows_[before] = now;
    return right;
  }

  // Who inside gets a packet from outside; nobody: an empty endpoint.
  Endpoint in(const Header5& header, TimePoint now) const {
    for (const auto& [key, mapping] : mappings_) {
      const auto& [protocol, inside] = key;
      if (protocol != header.protocol || mapping.port != header.destination.port) continue;
      if (!live(mapping.sent, protocol, now)) continue;
      const auto flow = flows_.find(Header5{inside, header.source, protocol});
      if (flow != flows_.end() && live(flow->second, protocol, now)) return inside;
    }
    return {};
  }

 private:
  struct Mapping {
    std::uint16_t port = 0;
    TimePoint sent;
  };
  Policy policy_;
  std::map<std::pair<Protocol, Endpoint>, Mapping> mappings_;
  std::map<Header5, TimePoint> flows_;
};

}  // namespace

TEST_CASE("a NAT behaves as RFC 4787 in words of maps does") {
  const unsigned seed = GENERATE(range(1u, 9u));
  CAPTURE(seed);
  const Policy policy = shortLived();
  Traffic traffic(seed);
  Reference reference(policy);
  State state;
  TimePoint now;
  std::vector<Header5> seen;  // as they left
  int passedIn = 0, droppedIn = 0;

  for (int step = 0; step < 4'000; ++step) {
    now += traffic.pause();
    if (traffic.below(2) == 0 || seen.empty()) {
      const Header5 header{traffic.inside(), traffic.remote(), traffic.protocol()};
      const Verdict verdict = translateOut(policy, state, header, now);
      REQUIRE(verdict.pass);
      REQUIRE(verdict.header.destination == header.destination);
      REQUIRE(verdict.header.source.address == publicAddress);
      // Also: no two inside endpoints have one public port at one time.
      REQUIRE(reference.out(header, verdict.header.source.port, now));
      // Translation back is the inverse of translation.
      const Verdict back = translateIn(policy, state, verdict.header.reversed(), now);
      REQUIRE(back.pass);
      REQUIRE(back.header == header.reversed());
      seen.push_back(verdict.header);
    } else {
      // An answer to something sent, lately or long ago, or a stranger's packet to a port once in
      // use.
      const int age = traffic.below(traffic.below(2) == 0 ? 10 : 1'000) + 1;
      const std::size_t back = std::min(static_cast<std::size_t>(age), seen.size());
      Header5 header = seen[seen.size() - back].reversed();
      if (traffic.below(3) == 0) header.source = traffic.remote();
      const Verdict verdict = translateIn(policy, state, header, now);
      const Endpoint expected = reference.in(header, now);
      REQUIRE(verdict.pass == (expected != Endpoint{}));
      if (verdict.pass) {
        REQUIRE(verdict.header.destination == expected);
        REQUIRE(verdict.header.source == header.source);
      } else {
        REQUIRE(verdict.header == header);
      }
      ++(verdict.pass ? passedIn : droppedIn);
    }
  }
  // The traffic was such that both outcomes were tried.
  CHECK(passedIn > 100);
  CHECK(droppedIn > 100);
}

TEST_CASE("what a NAT decides about one host does not depend on the others") {
  const unsigned seed = GENERATE(range(11u, 17u));
  CAPTURE(seed);
  const Policy policy = shortLived();
  const Ipv4 watched = Ipv4::of(10, 1, 0, 3);
  Traffic traffic(seed);
  State crowded, alone;
  TimePoint now;
  struct Flow {
    Header5 header;
    Header5 crowded, alone;  // as it left last
  };
  std::vector<Flow> flows;  // by inside endpoint and protocol: the last one
  int compared = 0;

  for (int step = 0; step < 6'000; ++step) {
    now += traffic.pause();
    const Header5 header{traffic.inside(), traffic.remote(), traffic.protocol()};
    if (traffic.below(4) != 0) {
      const Verdict verdict = translateOut(policy, crowded, header, now);
      REQUIRE(verdict.pass);
      if (header.source.address != watched) continue;
      const Verdict own = translateOut(policy, alone, header, now);
      REQUIRE(own.pass);
      REQUIRE(own.reason == verdict.reason);
      std::erase_if(flows, [&](const Flow& flow) {
        return flow.header.source == header.source && flow.header.protocol == header.protocol;
      });
      flows.push_back({header, verdict.header, own.header});
    } else if (!flows.empty()) {
      const Flow& flow =
          flows[static_cast<std::size_t>(traffic.below(static_cast<int>(flows.size())))];
      const Endpoint from = traffic.below(2) == 0 ? header.source : flow.header.destination;
      const auto arrives = [&](State& state, const Header5& left) {
        const Verdict verdict =
            translateIn(policy, state, Header5{from, left.source, left.protocol}, now);
        return verdict.pass && verdict.header.destination == flow.header.source;
      };
      // A port given up may belong to another host by now: what counts is whether it reaches this
      // one.
      REQUIRE(arrives(crowded, flow.crowded) == arrives(alone, flow.alone));
      ++compared;
    }
  }
  CHECK(compared > 200);
}

TEST_CASE("equal traffic leaves a NAT by equal ports") {
  const Policy policy = shortLived();
  State first, second;
  Traffic one(99), two(99);
  TimePoint now;
  for (int step = 0; step < 3'000; ++step) {
    now += one.pause();
    two.pause();
    const Header5 a{one.inside(), one.remote(), one.protocol()};
    const Header5 b{two.inside(), two.remote(), two.protocol()};
    REQUIRE(translateOut(policy, first, a, now).header ==
            translateOut(policy, second, b, now).header);
  }
}
