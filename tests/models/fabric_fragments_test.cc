// Packets larger than a link lets through: cut by RFC 791, lost with any of their fragments.
#include <catch2/catch.hpp>

#include "models/fabric/random.h"
#include "tests/models/fabric_support.h"
#include "tests/support/show_units.h"

using namespace callflow;
using namespace callflow::fabric;
using namespace callflow::fabric::testing;

namespace {

// The chain's middle link, as fabric_support.h has it, with another mtu.
LinkParameters narrow(std::int64_t mtu) {
  LinkParameters parameters = linkOf(DataRate::mbps(1), Duration::ms(20));
  parameters.mtu = DataSize::bytes(mtu);
  return parameters;
}

// alice - a - b - bob, the link from a to b narrow.
struct Line {
  explicit Line(const LinkParameters& middle) {
    l1 = fabric.addLink(n1, n2, middle, "l1");
    fabric.setRoute(n0, bob, fabric.addRoute(std::array{l0, l1, l2}));
    fabric.bind(n3, Protocol::udp, port, &receiver);
    fabric.bind(n3, Protocol::tcp, port, &receiver);
    fabric.addDropObserver(&drops);
  }
  SimulatorSession session;
  Fabric fabric{session.simulator()};
  NodeId n0 = fabric.addNode("alice"), n1 = fabric.addNode("a"), n2 = fabric.addNode("b"),
         n3 = fabric.addNode("bob");
  LinkId l0 = fabric.addLink(n0, n1, linkOf(DataRate::mbps(8), Duration::ms(1)), "l0");
  LinkId l2 = fabric.addLink(n2, n3, linkOf(DataRate::mbps(8), Duration::ms(2)), "l2");
  LinkId l1{};
  Receiver receiver{fabric};
  Drops drops;
};

}  // namespace

TEST_CASE("a packet is cut into fragments of whole units, and arrives with its last one") {
  // 1500 B with an mtu of 1006: data of 1480; (1006 - 20) / 8 * 8 = 984 in the first, 496 in the
  // second: 1004 and 516 B, which take 8.032 and 4.128 ms at 1 Mbit/s. At 8 Mbit/s 1500 B take 1.5
  // ms, and the last fragment 0.516 ms.
  Line line(narrow(1006));
  line.fabric.send(line.n0, packetTo(bob, 1500, 7));
  ns3::Simulator::Run();
  REQUIRE(line.receiver.arrivals.size() == 1);
  const Arrival& arrival = line.receiver.arrivals[0];
  CHECK(arrival.sequence == 7);
  CHECK(line.fabric.counters(line.l1).sent == 2);
  CHECK(line.fabric.counters(line.l1).bytes == DataSize::bytes(1520));
  const Duration last = Duration::us(1500 + 1000 + 8032 + 4128 + 20'000 + 516 + 2000);
  CHECK(arrival.when == TimePoint::at(last));
  CHECK(arrival.total == last);
  CHECK(part(arrival, DelayPart::queueing) == Duration::us(8032));
  CHECK(part(arrival, DelayPart::serialization) == Duration::us(1500 + 4128 + 516));
  CHECK(line.fabric.inFlight() == 0);
}

TEST_CASE("what just fits is not cut, and one byte more is") {
  Line line(narrow(1006));
  line.fabric.send(line.n0, packetTo(bob, 1006, 1));
  line.fabric.send(line.n0, packetTo(bob, 1007, 2));
  ns3::Simulator::Run();
  CHECK(line.fabric.counters(line.l1).sent == 3);
  CHECK(line.receiver.arrivals.size() == 2);
}

TEST_CASE("a fragment that is lost loses the packet, and one packet only") {
  LinkParameters lossy = narrow(1006);
  lossy.loss.mean = Ratio::percent(30);
  Line line(lossy);
  constexpr int kPackets = 2000;
  for (int i = 0; i < kPackets; ++i)
    ns3::Simulator::Schedule(toNs3(Duration::ms(20) * i), [&line, i] {
      line.fabric.send(line.n0, packetTo(bob, 1500, static_cast<std::uint32_t>(i)));
    });
  ns3::Simulator::Run();
  const auto arrived = static_cast<int>(line.receiver.arrivals.size());
  CHECK(arrived + static_cast<int>(line.drops.seen.size()) == kPackets);
  // Both fragments: 0.7 x 0.7 = 0.49 of them; three standard errors of 2000 draws are 0.034.
  CHECK(arrived / double{kPackets} == Approx(0.49).margin(0.034));
  for (const Drops::Seen& drop : line.drops.seen) CHECK(drop.cause == DropCause::loss);
  CHECK(line.fabric.inFlight() == 0);
}

TEST_CASE("TCP's segments are dropped where they do not fit, and told of") {
  Line line(narrow(1006));
  Packet segment = packetTo(bob, 1500, 3);
  segment.protocol = Protocol::tcp;
  line.fabric.send(line.n0, segment);
  ns3::Simulator::Run();
  CHECK(line.receiver.arrivals.empty());
  REQUIRE(line.drops.seen.size() == 1);
  CHECK(line.drops.seen[0].cause == DropCause::tooBig);
  CHECK(line.drops.seen[0].node == line.n1);
  CHECK(line.fabric.pathMtu(line.n0, bob) == DataSize::bytes(1006));
}

TEST_CASE("a link that says nothing does not count for the mtu that TCP learns") {
  LinkParameters silent = narrow(1006);
  silent.pathMtuDiscovery = false;
  Line line(silent);
  CHECK(line.fabric.pathMtu(line.n0, bob) == DataSize::bytes(65'535));
}

TEST_CASE("fragments of fragments: all arrive or none does") {
  SimulatorSession session;
  Fabric fabric{session.simulator()};
  RandomStream random("fragments");
  std::vector<NodeId> nodes{fabric.addNode("alice")};
  std::vector<LinkId> links;
  for (int i = 0; i < 5; ++i) {
    nodes.push_back(fabric.addNode("n" + std::to_string(i)));
    LinkParameters parameters = linkOf(DataRate::mbps(2), Duration::ms(1));
    parameters.mtu = DataSize::bytes(68 + static_cast<std::int64_t>(random.uniform() * 1000));
    parameters.loss.mean = Ratio::percent(1);
    parameters.queue = Duration::ms(15);
    links.push_back(
        fabric.addLink(nodes[nodes.size() - 2], nodes.back(), parameters, "l" + std::to_string(i)));
  }
  fabric.setRoute(nodes.front(), bob, fabric.addRoute(links));
  Receiver receiver{fabric};
  Drops drops;
  fabric.bind(nodes.back(), Protocol::udp, port, &receiver);
  fabric.addDropObserver(&drops);
  constexpr std::uint32_t kPackets = 3000;
  for (std::uint32_t i = 0; i < kPackets; ++i)
    ns3::Simulator::Schedule(toNs3(Duration::ms(12) * i), [&, i] {
      fabric.send(nodes.front(),
                  packetTo(bob, static_cast<std::uint16_t>(60 + random.uniform() * 3000), i));
    });
  ns3::Simulator::Run();
  // Each packet arrives or is dropped, once.
  std::vector<int> fate(kPackets);
  for (const Arrival& arrival : receiver.arrivals) {
    ++fate[arrival.sequence];
    CHECK(arrival.when - arrival.sent == arrival.total);
  }
  for (const Drops::Seen& drop : drops.seen) ++fate[drop.sequence];
  CHECK(std::all_of(fate.begin(), fate.end(), [](int times) { return times == 1; }));
  CHECK(!receiver.arrivals.empty());
  CHECK(!drops.seen.empty());
  CHECK(fabric.inFlight() == 0);
}
