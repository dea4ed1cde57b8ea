// Random networks: packets are neither made nor forgotten, and every delay is the sum of its parts.
#include <ns3/rng-seed-manager.h>
#include <ns3/simulator.h>

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "models/fabric/fabric.h"
#include "models/fabric/ns3_time.h"

using namespace callflow;
using namespace callflow::fabric;

namespace {

class Ledger : public Sink, public DropObserver {
 public:
  explicit Ledger(Fabric& fabric) : fabric_(fabric) {}
  void onPacket(PacketId, Packet& packet, TimePoint now) override {
    ++delivered;
    Duration waited;
    fabric_.forEachWait(packet, [&](const Wait& wait) { waited += wait.time; });
    sums_right = sums_right && packet.spent() == now - packet.sent() &&
                 waited == packet.spent(DelayPart::queueing);
    if (packet.sequence < last_sequence) ++overtakes;
    last_sequence = packet.sequence;
  }
  void onDrop(const Drop&) override { ++dropped; }

  std::int64_t delivered = 0;
  std::int64_t dropped = 0;
  std::int64_t overtakes = 0;
  std::uint32_t last_sequence = 0;
  bool sums_right = true;

 private:
  Fabric& fabric_;
};

LinkParameters anyLink(std::mt19937& random, bool may_reorder) {
  const auto below = [&](std::uint32_t limit) {
    return static_cast<std::int64_t>(random() % limit);
  };
  LinkParameters link;
  if (below(4) != 0) link.rate = DataRate::kbps(100 + below(5000));
  if (below(4) != 0) link.delay = Duration::us(below(30'000));
  if (below(2) != 0) {
    link.jitter.mean = Duration::us(below(5000));
    link.jitter.distribution = static_cast<JitterDistribution>(below(3));
    link.jitter.reorder.allowed = may_reorder && below(2) != 0;
  }
  switch (below(4)) {
    case 0:
      link.loss.mean = Ratio::percent(below(20));
      break;
    case 1:
      link.loss.mean = Ratio::percent(1 + below(20));
      link.loss.burst = Duration::ms(1 + below(100));
      break;
    case 2:
      link.loss.mean = Ratio::percent(1 + below(20));
      link.loss.burst = PacketCount{1 + below(5)};
      break;
    default:
      link.loss.drop = {1 + below(10), 11 + below(10)};
  }
  if (below(2) != 0) {
    link.queue = below(2) != 0 ? QueueLimit{DataSize::bytes(below(5000))}
                               : QueueLimit{Duration::us(below(20'000))};
  }
  return link;
}

}  // namespace

TEST_CASE("random chains conserve packets, and parts add up to delays") {
  const int seed = GENERATE(range(1, 41));
  std::mt19937 random(static_cast<std::uint32_t>(seed));
  ns3::RngSeedManager::SetSeed(static_cast<std::uint32_t>(seed));
  const bool may_reorder = seed % 2 == 0;
  SimulatorSession session;
  Fabric fabric(session.simulator());
  Ledger ledger(fabric);
  fabric.addDropObserver(&ledger);
  const Ipv4 destination = Ipv4::of(10, 0, 0, 2);
  std::vector<NodeId> nodes{fabric.addNode("0")};
  std::vector<LinkId> links;
  const std::size_t hops = 1 + random() % 8;
  for (std::size_t i = 1; i <= hops; ++i) {
    nodes.push_back(fabric.addNode(std::to_string(i)));
    links.push_back(fabric.addLink(nodes[i - 1], nodes[i], anyLink(random, may_reorder),
                                   "link " + std::to_string(i)));
  }
  fabric.setRoute(nodes.front(), destination, fabric.addRoute(links));
  fabric.bind(nodes.back(), Protocol::udp, 0, &ledger);

  constexpr std::uint32_t packets = 500;
  std::int64_t time = 0;
  for (std::uint32_t i = 0; i < packets; ++i) {
    time += static_cast<std::int64_t>(random() % 4'000'000);
    Packet packet;
    packet.destinationAddress = destination;
    packet.destinationPort = 5000;
    packet.size = static_cast<std::uint16_t>(28 + random() % 1400);
    packet.stream = i % 3;
    packet.sequence = i;
    packet.flags = static_cast<std::uint8_t>(random() % 4);
    ns3::Simulator::Schedule(ns3::NanoSeconds(static_cast<std::uint64_t>(time)),
                             [&fabric, &nodes, packet] { fabric.send(nodes.front(), packet); });
  }
  for (int change = 0; change < 5; ++change) {
    const LinkId link = links[random() % links.size()];
    LinkParameters parameters = anyLink(random, may_reorder);
    if (change % 2 == 1) parameters.rate = DataRate{};
    fabric.expectChanges(link);
    const auto when = static_cast<std::uint64_t>(random() % 1'000'000'000);
    ns3::Simulator::Schedule(ns3::NanoSeconds(when), [&fabric, link, parameters] {
      fabric.setLinkParameters(link, parameters);
    });
  }

  // What a link that is down keeps comes when it is up.
  for (const LinkId link : links) {
    fabric.expectChanges(link);
    const LinkParameters parameters = anyLink(random, may_reorder);
    ns3::Simulator::Schedule(ns3::MilliSeconds(1500), [&fabric, link, parameters] {
      fabric.setLinkParameters(link, parameters);
    });
  }

  // In the middle of it some are under way.
  ns3::Simulator::Stop(ns3::NanoSeconds(static_cast<std::uint64_t>(time)) + ns3::NanoSeconds(1));
  ns3::Simulator::Run();
  const auto inFlight = static_cast<std::int64_t>(fabric.inFlight());
  CHECK(ledger.delivered + ledger.dropped + inFlight == packets);
  ns3::Simulator::Run();
  CHECK(fabric.inFlight() == 0);
  CHECK(ledger.delivered + ledger.dropped == packets);
  CHECK(ledger.sums_right);
  if (!may_reorder) CHECK(ledger.overtakes == 0);

  // Each link's counters tell the same story as the ledger.
  std::int64_t lost = 0;
  for (const LinkId link : links) {
    const LinkCounters& counters = fabric.counters(link);
    lost += counters.lost + counters.queueDrops + counters.downDrops;
  }
  CHECK(lost == ledger.dropped);
}
