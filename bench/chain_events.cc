#include <ns3/simulator.h>

#include <vector>

#include "bench/chain.h"
#include "models/fabric/ns3_time.h"

namespace callflow::bench {
namespace {

// The least that a simulation on ns-3's own events does: one event a hop and one a packet sent.
class Events {
 public:
  explicit Events(const ChainCase& chain)
      : chain_(chain),
        delay_(fabric::toNs3(ChainCase::kDelay)),
        period_(fabric::toNs3(ChainCase::kPeriod)),
        sent_(static_cast<std::size_t>(chain.senders())) {
    for (std::int64_t i = 0; i < chain.senders(); ++i) {
      ns3::Simulator::Schedule(fabric::toNs3(chain.firstPacket(i)), &Events::send, this,
                               static_cast<std::size_t>(i));
    }
  }

  std::int64_t received() const { return received_; }

 private:
  void send(std::size_t sender) {
    ns3::Simulator::Schedule(delay_, &Events::hop, this, std::int64_t{1});
    if (++sent_[sender] < chain_.packets) {
      ns3::Simulator::Schedule(period_, &Events::send, this, sender);
    }
  }

  void hop(std::int64_t hops) {
    if (hops < chain_.hops) {
      ns3::Simulator::Schedule(delay_, &Events::hop, this, hops + 1);
    } else {
      ++received_;
    }
  }

  const ChainCase& chain_;
  ns3::Time delay_;
  ns3::Time period_;
  std::vector<std::int64_t> sent_;
  std::int64_t received_ = 0;
};

}  // namespace

ChainResult runEvents(const ChainCase& chain) {
  const double start = cpuSeconds();
  Events events(chain);
  const double built = cpuSeconds();
  ns3::Simulator::Run();
  const ChainResult result{events.received(), built - start, cpuSeconds() - built, peakRssBytes()};
  ns3::Simulator::Destroy();
  return result;
}

}  // namespace callflow::bench
