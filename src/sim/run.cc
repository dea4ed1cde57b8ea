#include "src/sim/run.h"

#include <ns3/rng-seed-manager.h>
#include <ns3/simulator.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "models/fabric/ns3_time.h"
#include "src/explain/plan.h"
#include "src/sim/media_plane.h"
#include "src/sim/network.h"
#include "src/sim/session.h"

namespace callflow::sim {

namespace {

// ns-3's generator MRG32k3a takes seeds from 1 to its smaller modulus less 1 (P. L'Ecuyer et al.,
// "An object-oriented random-number package", 2002).
constexpr std::uint64_t largestSeed = 4294944442;

void seedStreams(const RunOptions& options) {
  ns3::RngSeedManager::SetSeed(static_cast<std::uint32_t>((options.seed - 1) % largestSeed + 1));
  ns3::RngSeedManager::SetRun(static_cast<std::uint64_t>(options.replication));
}

void at(TimePoint when, std::function<void()> what) {
  ns3::Simulator::Schedule(fabric::toNs3(when), std::move(what));
}

// Tells of progress, and ends the run when it is asked to, every second of simulated time.
class Heartbeat {
 public:
  Heartbeat(const RunOptions& options, TimePoint end) : options_(options), end_(end) {}

  void beat(TimePoint now) {
    if (options_.progress) options_.progress({now.sinceStart(), end_.sinceStart()});
    if (options_.stop != nullptr && options_.stop->load()) {
      stopped_ = true;
      ns3::Simulator::Stop();
      return;
    }
    const TimePoint next = now + Duration::s(1);
    if (next < end_) {
      ns3::Simulator::Schedule(fabric::toNs3(Duration::s(1)), [this, next] { beat(next); });
    }
  }
  bool stopped() const { return stopped_; }

 private:
  const RunOptions& options_;
  TimePoint end_;
  bool stopped_ = false;
};

}  // namespace

metrics::RunRecord simulate(const topology::Case& input, const RunOptions& options) {
  seedStreams(options);
  fabric::SimulatorSession simulation;
  const topology::NetworkGraph graph(input.topology, input.calls);
  Network network(simulation.simulator(), graph, input.topology);
  fabric::PeriodicTimers timers(simulation.simulator());
  MediaPlane plane(network, input.topology.azure.relay.processing,
                   input.topology.azure.media_processor.processing, options.trace);

  const std::vector<explain::CallPlan> plans =
      explain::planCalls(graph, input.topology, input.calls);
  std::vector<std::unique_ptr<Session>> sessions;
  TimePoint end;
  for (std::size_t i = 0; i < input.calls.size(); ++i) {
    sessions.push_back(std::make_unique<Session>(plane, network, timers, input.calls[i], plans[i],
                                                 options));
    Session& session = *sessions.back();
    at(TimePoint::at(input.calls[i].start), [&session] { session.start(); });
    end = std::max(end, session.mediaEnd());
  }
  for (const topology::LinkChange& change : input.events) {
    network.expect(change);
    at(TimePoint::at(change.at), [&network, &change] { network.change(change); });
  }
  end += options.drain;

  Heartbeat heartbeat(options, end);
  heartbeat.beat(TimePoint{});
  ns3::Simulator::Stop(fabric::toNs3(end));
  if (!heartbeat.stopped()) ns3::Simulator::Run();

  metrics::RunRecord record;
  record.variant = input.variant;
  record.replication = options.replication;
  record.seed = options.seed;
  record.complete = !heartbeat.stopped();
  record.simulated = simulation.simulator().now().sinceStart();
  for (const std::unique_ptr<Session>& session : sessions) {
    for (metrics::FailedCall& failed : session->failures()) {
      record.failed_calls.push_back(std::move(failed));
    }
    for (metrics::StreamRecord& stream : session->finish(options.trace)) {
      record.streams.push_back(std::move(stream));
    }
  }
  record.links = network.linkCounters();
  record.drops = network.drops();
  for (metrics::BoxDrop& drop : plane.socketDrops()) record.drops.push_back(std::move(drop));
  // ns-3's nodes hold callbacks into the plane: they go first.
  ns3::Simulator::Destroy();
  return record;
}

}  // namespace callflow::sim
