// Which pairs of NATs need a relay, as a call is planned: what its agents find, whoever of the two
// offers.
#include <catch2/catch.hpp>

#include <string>

#include "src/explain/plan.h"
#include "src/sim/quiet_ice.h"
#include "tests/support/nat_pairs.h"
#include "tests/support/scenarios.h"

namespace callflow {
namespace {

using testing::kNatBehaviours;
using testing::kNatPairs;
using testing::NatBehaviour;

constexpr const char* kOrders[] = {"ann@a, ben@b", "ben@b, ann@a"};

topology::Case pairOf(const NatBehaviour& a, const NatBehaviour& b, const std::string& order) {
  return testing::parsedScenario("nats", testing::natPairScenario(a, b, order)).cases.front();
}

// 'D' or 'R', as the table has it.
char planned(const topology::Case& one) {
  const auto graph = topology::NetworkGraph::ofCalls(one.topology, one.calls);
  const explain::CallPlan plan = explain::planCall(graph, one.topology, one.calls.front());
  REQUIRE(plan.failures.empty());
  return plan.paths.front().kind == topology::PathKind::direct ? 'D' : 'R';
}

char connected(const topology::Case& one) {
  const sim::IceReport found = sim::runQuietIce(one, one.calls.front());
  REQUIRE(found.connected);
  for (const sim::PairOutcome& pair : found.sides[0].pairs) {
    if (!pair.selected) continue;
    const bool relay = pair.local.type == ice::CandidateType::relayed ||
                       pair.remote.type == ice::CandidateType::relayed;
    return relay ? 'R' : 'D';
  }
  return 'X';
}

TEST_CASE(
    "which of 64 pairings of NATs need a relay is planned as agents find it, in both orders") {
  for (const char* const order : kOrders) {
    for (std::size_t a = 0; a < kNatBehaviours.size(); ++a) {
      for (std::size_t b = 0; b < kNatBehaviours.size(); ++b) {
        INFO(order << ", row " << a << ", column " << b);
        const topology::Case pair = pairOf(kNatBehaviours[a], kNatBehaviours[b], order);
        CHECK(planned(pair) == kNatPairs[a][b]);
        CHECK(connected(pair) == kNatPairs[a][b]);
      }
    }
  }
}

// ann's NAT maps alike for all and filters by port, ben's maps by destination and filters nothing.
// Who answers checks first. ben: from a port that is new for her, at which she lets nobody in; his
// answers to her checks come from that, too. ann: she comes in at the port that the STUN server has
// seen, and what answers her goes out there.
TEST_CASE("where a NAT maps by destination and filters nothing it matters who offers") {
  constexpr NatBehaviour kRestricted{"endpoint-independent", "address-and-port-dependent"};
  for (const char* const mapping : {"address-dependent", "address-and-port-dependent"}) {
    INFO(mapping);
    const NatBehaviour open{mapping, "endpoint-independent"};
    const topology::Case annOffers = pairOf(kRestricted, open, "ann@a, ben@b");
    CHECK(planned(annOffers) == 'R');
    CHECK(connected(annOffers) == 'R');
    const topology::Case benOffers = pairOf(kRestricted, open, "ben@b, ann@a");
    CHECK(planned(benOffers) == 'D');
    CHECK(connected(benOffers) == 'D');
  }
}

}  // namespace
}  // namespace callflow
