#include "src/sim/run.h"

#include <ns3/simulator.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "models/capture/recorder.h"
#include "models/fabric/ns3_time.h"
#include "src/explain/plan.h"
#include "src/network/network.h"
#include "src/sim/call.h"
#include "src/sim/capture_places.h"
#include "src/sim/network_quality.h"
#include "src/sim/network_record.h"
#include "src/sim/schedule.h"
#include "src/sim/seeds.h"
#include "src/sim/traffic.h"
#include "src/sim/wiring.h"
#include "src/topology/traffic_hosts.h"

namespace callflow::sim {

namespace {

// Ends the run when every call has sent its media and what was on its way has had its time.
class RunEnd : public CallObserver {
 public:
  RunEnd(const std::vector<topology::Call>& calls, Duration drain)
      : unsettled_(calls.size()), drain_(drain) {
    for (const topology::Call& call : calls) {
      expected_ = std::max(expected_, TimePoint::at(call.start + call.setup + call.duration));
    }
  }

  void onSettled(TimePoint mediaEnd) override {
    last_ = std::max(last_, mediaEnd);
    expected_ = std::max(expected_, mediaEnd);
    if (--unsettled_ == 0) at(last_ + drain_, [] { ns3::Simulator::Stop(); });
  }
  TimePoint expectedMedia() const { return expected_; }
  // As far as is known.
  TimePoint expected() const { return expected_ + drain_; }

 private:
  std::size_t unsettled_;
  Duration drain_;
  TimePoint last_, expected_;
};

void follow(network::Network& network, fabric::LinkId link, std::size_t step, TimePoint now) {
  const TimePoint next = now + network.follow(link, step);
  at(next, [&network, link, step, next] { follow(network, link, step + 1, next); });
}

void capturePackets(const RunOptions& options, const topology::NetworkGraph& graph,
                    network::Network& network, Wiring& wiring, capture::Recorder& recorder) {
  if (options.captures.empty()) return;
  wiring.transit().capture();
  wiring.tcp().capture();
  network.capture();
  for (const Capture& each : options.captures) recorder.add(each.file, tapsAt(graph, each.place));
}

void tellCaptured(const RunOptions& options, capture::Recorder& recorder) {
  const std::vector<std::int64_t> packets = recorder.finish();
  for (std::size_t i = 0; i < packets.size(); ++i)
    if (options.captured) options.captured(i, packets[i]);
}

// Tells of progress, and ends the run when it is asked to, every second of simulated time.
class Heartbeat {
 public:
  Heartbeat(const RunOptions& options, const RunEnd& end) : options_(options), end_(end) {}

  void beat(TimePoint now) {
    if (options_.progress) options_.progress({now.sinceStart(), end_.expected().sinceStart()});
    if (options_.stop != nullptr && options_.stop->load()) {
      stopped_ = true;
      ns3::Simulator::Stop();
      return;
    }
    const TimePoint next = now + Duration::s(1);
    ns3::Simulator::Schedule(fabric::toNs3(Duration::s(1)), [this, next] { beat(next); });
  }
  bool stopped() const { return stopped_; }

 private:
  const RunOptions& options_;
  const RunEnd& end_;
  bool stopped_ = false;
};

// The relayed ports of plans that media takes as they are: to telephones. Others ask for their own.
void reserve(const std::vector<topology::Call>& calls, const std::vector<explain::CallPlan>& plans,
             const topology::NetworkGraph& graph, explain::PortBook& ports) {
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const auto& who = calls[i].participants;
    const bool asPlanned = std::any_of(who.begin(), who.end(), [](const auto& each) {
      return each.telephone != topology::Telephone::none;
    });
    if (!asPlanned || calls[i].viaMediaProcessor()) continue;
    for (const explain::MediaPath& path : plans[i].paths) {
      for (const explain::Leg& leg : path.legs)
        if (leg.turn && graph.element(leg.to).kind == topology::ElementKind::relay)
          ports.next(leg.to, explain::PortBook::Use::relay);
    }
  }
}

}  // namespace

metrics::RunRecord simulate(const topology::Case& input, const RunOptions& options) {
  seedStreams(options.seed, options.replication);
  fabric::SimulatorSession simulation;
  const topology::Inhabited inhabited =
      topology::withTrafficHosts(input.topology, input.calls, input.traffic);
  const topology::NetworkGraph graph(inhabited.topology, inhabited.people);
  network::Network network(simulation.simulator(), graph, input.topology);
  fabric::PeriodicTimers timers(simulation.simulator());
  Wiring wiring(network, input.topology, options.trace);
  capture::Recorder recorder(network.fabric());
  capturePackets(options, graph, network, wiring, recorder);

  const std::vector<explain::CallPlan> plans =
      explain::planCalls(graph, input.topology, input.calls);
  explain::PortBook ports(graph);
  reserve(input.calls, plans, graph, ports);
  IceNetwork ice(wiring, ports);
  std::vector<std::unique_ptr<Call>> calls;
  RunEnd end(input.calls, options.drain);
  for (std::size_t i = 0; i < input.calls.size(); ++i) {
    calls.push_back(std::make_unique<Call>(ice, timers, input.calls[i], plans[i], options, end));
    Call& call = *calls.back();
    at(TimePoint::at(input.calls[i].start), [&call] { call.start(); });
  }
  traffic::Payloads payloads(network.fabric());
  std::vector<std::unique_ptr<Traffic>> traffic;
  std::uint16_t port = topology::kFirstTrafficPort;
  for (const topology::Traffic& each : input.traffic) {
    // No longer than the media that it stands beside.
    traffic.push_back(std::make_unique<Traffic>(network, wiring.tcp(), payloads, each, port,
                                                end.expectedMedia()));
    port = static_cast<std::uint16_t>(port + each.count);
    Traffic& made = *traffic.back();
    at(TimePoint::at(each.start), [&made] { made.start(); });
  }
  for (const fabric::LinkId link : network.traced()) follow(network, link, 0, TimePoint{});
  ice.happen(input.events);

  network.keepTunnelsAlive();

  Heartbeat heartbeat(options, end);
  heartbeat.beat(TimePoint{});
  if (!heartbeat.stopped()) ns3::Simulator::Run();
  tellCaptured(options, recorder);

  metrics::RunRecord record;
  record.variant = input.variant;
  record.replication = options.replication;
  record.seed = options.seed;
  record.complete = !heartbeat.stopped();
  record.simulated = simulation.simulator().now().sinceStart();
  if (options.trace) wiring.transit().tellLeftOver();
  for (const std::unique_ptr<Call>& call : calls) {
    record.calls.push_back(call->setUp());
    for (metrics::FailedCall& failed : call->failures()) {
      record.failedCalls.push_back(std::move(failed));
    }
    for (metrics::BoxDrop& drop : call->unsent()) record.drops.push_back(std::move(drop));
    for (metrics::StreamRecord& stream : call->finish()) {
      record.streams.push_back(std::move(stream));
    }
  }
  noteNetworkQuality(record);
  record.links = linkCounters(network);
  record.relays = relayRecords(network);
  record.drops = boxDrops(network);
  for (metrics::BoxDrop& drop : wiring.socketDrops()) record.drops.push_back(std::move(drop));
  for (const std::unique_ptr<Traffic>& each : traffic) record.traffic.push_back(each->record());
  // ns-3's nodes hold callbacks into the wiring: they go first.
  ns3::Simulator::Destroy();
  return record;
}

}  // namespace callflow::sim
