// Queues against theory, and token buckets against ns-3's.
#include <ns3/data-rate.h>
#include <ns3/packet.h>
#include <ns3/queue-item.h>
#include <ns3/rng-seed-manager.h>
#include <ns3/simulator.h>
#include <ns3/tbf-queue-disc.h>
#include <ns3/uinteger.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <functional>
#include <vector>

#include "models/fabric/fabric.h"
#include "models/fabric/random.h"
#include "models/shaper/box.h"
#include "tests/models/fabric_support.h"
#include "tests/support/show_units.h"

using namespace callflow;
using namespace callflow::fabric;
using namespace callflow::fabric::testing;

namespace {

// Waits of packets, by their mark.
class Waits : public Sink {
 public:
  void onPacket(PacketId, Packet& packet, TimePoint) override {
    sum[packet.dscp] += packet.spent(DelayPart::queueing).milliseconds();
    ++count[packet.dscp];
  }
  double mean(std::size_t mark) const { return sum[mark] / static_cast<double>(count[mark]); }
  std::array<double, 64> sum{};
  std::array<std::int64_t, 64> count{};
};

// Sends packets to bob at random instants, and plans the next.
class Poisson {
 public:
  Poisson(Fabric& fabric, NodeId node, std::uint16_t size, std::uint8_t mark, double perSecond,
          int packets)
      : fabric_(fabric),
        node_(node),
        gap_(Duration::fromSeconds(1 / perSecond)),
        left_(packets),
        packet_(packetTo(bob, size, 0)),
        random_("poisson", mark) {
    packet_.dscp = mark & 0x3f;
    next();
  }

 private:
  void next() {
    if (left_-- == 0) return;
    ns3::Simulator::Schedule(toNs3(random_.exponential(gap_)), [this] {
      fabric_.send(node_, packet_);
      next();
    });
  }
  Fabric& fabric_;
  NodeId node_;
  Duration gap_;
  int left_;
  Packet packet_;
  RandomStream random_;
};

void seed() {
  ns3::RngSeedManager::SetSeed(7);
  ns3::RngSeedManager::SetRun(1);
}

class Item : public ns3::QueueDiscItem {
 public:
  Item(std::uint32_t size, std::uint32_t number)
      : ns3::QueueDiscItem(ns3::Create<ns3::Packet>(size), ns3::Address(), 0), sequence(number) {}
  void AddHeader() override {}
  bool Mark() override { return false; }
  std::uint32_t sequence;
};

}  // namespace

TEST_CASE("M/G/1: the mean wait is that of Pollaczek and Khinchine") {
  // Half of the packets take 1 ms, half 3 ms, at a load of 0.7: 350 a second. E[S] = 2 ms, E[S^2] =
  // 5 ms^2; the mean wait is 0.35 / ms * 5 ms^2 / (2 (1 - 0.7)) = 2.917 ms.
  seed();
  SimulatorSession session;
  Fabric fabric(session.simulator());
  const NodeId a = fabric.addNode("alice"), b = fabric.addNode("bob");
  const LinkId link = fabric.addLink(a, b, linkOf(DataRate::mbps(1), Duration::ms(5)), "link");
  fabric.setRoute(a, bob, fabric.addRoute(std::array{link}));
  Waits waits;
  fabric.bind(b, Protocol::udp, 0, &waits);
  Poisson small(fabric, a, 125, 1, 175, 400'000);
  Poisson large(fabric, a, 375, 2, 175, 400'000);
  ns3::Simulator::Run();
  const double mean =
      (waits.sum[1] + waits.sum[2]) / static_cast<double>(waits.count[1] + waits.count[2]);
  CHECK(mean == Approx(2.917).epsilon(0.03));
  CHECK(waits.mean(1) == Approx(waits.mean(2)).epsilon(0.03));
}

TEST_CASE("strict classes wait as in a queue with priorities that do not interrupt") {
  // All packets take 1 ms and the bucket holds one, so that the shaper is a server. Loads of 0.3
  // and 0.5: W0 = 0.8 x 1 / 2 = 0.4 ms; the first class waits 0.4 / 0.7 = 0.571 ms, the second 0.4
  // / (0.7 x 0.2) = 2.857 ms (Cobham 1954).
  seed();
  SimulatorSession session;
  Fabric fabric(session.simulator());
  const NodeId a = fabric.addNode("alice"), x = fabric.addNode("shaper"), b = fabric.addNode("bob");
  const LinkId ax = fabric.addLink(a, x, {}, "ax", Side::inside);
  const LinkId xb = fabric.addLink(x, b, {}, "xb", Side::inside);
  fabric.setRoute(a, bob, fabric.addRoute(std::array{ax, xb}));
  shaper::Shaping up;
  up.rate = DataRate::mbps(1);
  up.burst = DataSize::bytes(125);
  up.queue = Duration::s(60);
  for (const std::uint8_t mark : {std::uint8_t{1}, std::uint8_t{2}}) {
    shaper::TrafficClass made;
    made.dscp = {wire::Dscp{mark}};
    made.strict = true;
    made.share = made.ceiling = Ratio::percent(100);
    up.classes.push_back(made);
  }
  shaper::ShaperBox box({up, shaper::Shaping{}}, "shaper");
  fabric.setBox(x, &box);
  Waits waits;
  fabric.bind(b, Protocol::udp, 0, &waits);
  Poisson first(fabric, a, 125, 1, 300, 300'000);
  Poisson second(fabric, a, 125, 2, 500, 500'000);
  ns3::Simulator::Run();
  CHECK(waits.mean(1) == Approx(0.5714).epsilon(0.03));
  CHECK(waits.mean(2) == Approx(2.857).epsilon(0.04));
}

TEST_CASE("a token bucket lets packets go as ns-3's TBF does, but for what that one rounds off") {
  // 3000 packets in clumps. ns-3 counts whole bytes of tokens and forgets the fraction each time
  // that it looks: it is never earlier, and later by at most a byte (1 us at 8 Mbit/s) for each
  // packet since it last had all of its tokens.
  struct Sent {
    Duration when;
    std::uint16_t size;
  };
  std::vector<Sent> arrivals;
  {
    SimulatorSession session;
    RandomStream random("tbf arrivals");
    Duration at;
    for (int i = 0; i < 3000; ++i) {
      if (i % 30 == 0) at += Duration::ms(60);
      at += Duration::us(1 + static_cast<std::int64_t>(random.uniform() * 1000));
      arrivals.push_back({at, static_cast<std::uint16_t>(100 + random.uniform() * 1400)});
    }
  }
  const auto number = [](std::size_t i) { return static_cast<std::uint32_t>(i); };
  std::vector<TimePoint> mine(arrivals.size()), theirs(arrivals.size());
  {
    SimulatorSession session;
    Fabric fabric(session.simulator());
    const NodeId a = fabric.addNode("alice"), x = fabric.addNode("tbf"), b = fabric.addNode("bob");
    const LinkId ax = fabric.addLink(a, x, {}, "ax", Side::inside);
    const LinkId xb = fabric.addLink(x, b, {}, "xb", Side::inside);
    fabric.setRoute(a, bob, fabric.addRoute(std::array{ax, xb}));
    shaper::Shaping up;
    up.rate = DataRate::mbps(8);
    up.burst = DataSize::bytes(5000);
    up.queue = Duration::s(60);
    shaper::ShaperBox box({up, shaper::Shaping{}}, "tbf");
    fabric.setBox(x, &box);
    Receiver receiver(fabric);
    fabric.bind(b, Protocol::udp, 0, &receiver);
    for (std::size_t i = 0; i < arrivals.size(); ++i)
      ns3::Simulator::Schedule(toNs3(arrivals[i].when), [&, i] {
        fabric.send(a, packetTo(bob, arrivals[i].size, number(i)));
      });
    ns3::Simulator::Run();
    REQUIRE(receiver.arrivals.size() == arrivals.size());
    for (const Arrival& each : receiver.arrivals) mine[each.sequence] = each.when;
  }
  {
    SimulatorSession session;
    const auto disc = ns3::CreateObject<ns3::TbfQueueDisc>();
    disc->SetAttribute("Rate", ns3::DataRateValue(ns3::DataRate("8Mb/s")));
    disc->SetAttribute("Burst", ns3::UintegerValue(5000));
    disc->SetAttribute("MaxSize", ns3::QueueSizeValue(ns3::QueueSize("100000p")));
    disc->SetSendCallback([&](ns3::Ptr<ns3::QueueDiscItem> item) {
      theirs[ns3::DynamicCast<Item>(item)->sequence] =
          TimePoint::at(Duration::ns(ns3::Simulator::Now().GetNanoSeconds()));
    });
    disc->Initialize();
    for (std::size_t i = 0; i < arrivals.size(); ++i)
      ns3::Simulator::Schedule(toNs3(arrivals[i].when), [&, i] {
        disc->Enqueue(ns3::Create<Item>(arrivals[i].size, number(i)));
        disc->Run();
      });
    ns3::Simulator::Run();
    disc->Dispose();
  }
  Duration worst;
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    INFO("packet " << i);
    CHECK(theirs[i] >= mine[i]);
    worst = std::max(worst, theirs[i] - mine[i]);
  }
  // 30 packets a clump, each looked at when it comes and when it goes.
  CHECK(worst <= Duration::us(60));
}
