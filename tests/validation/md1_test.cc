// A link under Poisson arrivals of packets of one size is the queue M/D/1: mean wait rho D / (2 (1
// - rho)) by Pollaczek and Khinchine, and a share 1 - rho of the packets that does not wait.
#include <ns3/rng-seed-manager.h>
#include <ns3/simulator.h>

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "models/fabric/fabric.h"
#include "models/fabric/ns3_time.h"
#include "models/fabric/random.h"

using namespace callflow;
using namespace callflow::fabric;

namespace {

constexpr Ipv4 destination = Ipv4::of(10, 0, 0, 2);

class Waits : public Sink {
 public:
  void onPacket(PacketId, Packet& packet, TimePoint) override {
    seen.push_back(packet.spent(DelayPart::queueing));
  }
  std::vector<Duration> seen;
};

// Sends a packet and plans the next.
class PoissonSource {
 public:
  PoissonSource(Fabric& fabric, NodeId node, Duration mean_gap, int packets)
      : fabric_(fabric), node_(node), mean_gap_(mean_gap), left_(packets) {
    packet_.destinationAddress = destination;
    packet_.size = 125;
  }
  void next() {
    ns3::Simulator::Schedule(toNs3(random_.exponential(mean_gap_)), [this] {
      fabric_.send(node_, packet_);
      if (--left_ > 0) next();
    });
  }

 private:
  Fabric& fabric_;
  NodeId node_;
  Duration mean_gap_;
  int left_;
  Packet packet_;
  RandomStream random_{"poisson"};
};

}  // namespace

TEST_CASE("M/D/1: the mean wait and the share of packets that do not wait") {
  const int load_percent = GENERATE(50, 80);
  ns3::RngSeedManager::SetSeed(5);
  ns3::RngSeedManager::SetRun(1);
  SimulatorSession session;
  Fabric fabric(session.simulator());
  const NodeId from = fabric.addNode("from");
  const NodeId to = fabric.addNode("to");
  LinkParameters parameters;
  parameters.rate = DataRate::mbps(1);  // 125 B take 1 ms
  parameters.delay = Duration::ms(5);
  const LinkId link = fabric.addLink(from, to, parameters, "link");
  fabric.setRoute(from, destination, fabric.addRoute(std::array{link}));
  Waits waits;
  fabric.bind(to, Protocol::udp, 0, &waits);
  const double load = load_percent / 100.0;
  constexpr std::size_t packets = 2'000'000;
  PoissonSource source(fabric, from, Duration::fromSeconds(1e-3 / load), packets);
  source.next();
  ns3::Simulator::Run();
  REQUIRE(waits.seen.size() == packets);

  // Waits of neighbours resemble each other: the error of the mean is that of the means of long
  // batches.
  constexpr std::size_t batches = 40;
  constexpr std::size_t batch = packets / batches;
  double sum = 0;
  double squares = 0;
  std::size_t immediate = 0;
  for (std::size_t b = 0; b < batches; ++b) {
    double batch_sum = 0;
    for (std::size_t i = b * batch; i < (b + 1) * batch; ++i) {
      batch_sum += waits.seen[i].milliseconds();
      immediate += waits.seen[i] == Duration{} ? 1U : 0U;
    }
    sum += batch_sum / batch;
    squares += batch_sum / batch * (batch_sum / batch);
  }
  const double mean = sum / batches;
  const double sigma = std::sqrt((squares / batches - mean * mean) / (batches - 1));
  const double theory = load / (2 * (1 - load));  // ms
  CHECK(mean == Approx(theory).margin(4 * sigma));
  CHECK(4 * sigma < 0.03 * theory);
  CHECK(static_cast<double>(immediate) / packets == Approx(1 - load).margin(0.003));
  // The link was busy for the share of time that is its load.
  CHECK(fabric.counters(link).busy.seconds() / session.simulator().now().sinceStart().seconds() ==
        Approx(load).margin(0.003));
}
