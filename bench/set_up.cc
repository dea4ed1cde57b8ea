#include "bench/set_up.h"

#include <ns3/simulator.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/chain.h"
#include "models/fabric/ns3_time.h"
#include "src/explain/plan.h"
#include "src/network/network.h"
#include "src/sim/ice_session.h"
#include "src/sim/seeds.h"
#include "src/sim/wiring.h"

namespace callflow::bench {

namespace {

topology::Topology networkOf(int sites) {
  topology::Topology topology;
  topology.azure.regions = {"westeurope"};
  for (int i = 0; i < sites; ++i) {
    const std::string number = std::to_string(i);
    topology::Device device;
    nat::Nat nat;
    nat.udpTimeout = Duration::s(120);
    nat.tcpTimeout = Duration::s(7440);
    device.kind = nat;
    topology.devices.emplace_back("nat" + number, device);
    topology::Site site;
    site.subnets = {{wire::Ipv4::of(10, static_cast<std::uint8_t>(i), 0, 0), 16}};
    site.location = {52.37, 4.90};
    site.perimeter = {"nat" + number};
    site.uplink.emplace();
    site.uplink->up.delay = site.uplink->down.delay = Duration::ms(8);
    topology.sites.emplace_back("site" + number, site);
  }
  return topology;
}

std::vector<topology::Call> callsOf(int calls, int sites) {
  std::vector<topology::Call> result;
  for (int i = 0; i < calls; ++i) {
    const std::string number = std::to_string(i);
    topology::Call call;
    call.name = "call" + number;
    call.participants = {{"a" + number, "site" + std::to_string(i % sites)},
                         {"b" + number, "site" + std::to_string((i + 1 + i / sites) % sites)}};
    result.push_back(std::move(call));
  }
  return result;
}

void runFor(Duration time) {
  ns3::Simulator::Schedule(fabric::toNs3(TimePoint::at(time)), [] { ns3::Simulator::Stop(); });
  ns3::Simulator::Run();
}

}  // namespace

struct SetUps::Ready {
  Ready(int count, int sites)
      : topology(networkOf(sites)),
        calls(callsOf(count, sites)),
        graph(topology, calls),
        network(simulation.simulator(), graph, topology),
        wiring(network, topology, false),
        ports(graph),
        ice(wiring, ports) {}

  // To checks of the pairs that are selected.
  std::int64_t answers() const {
    std::int64_t sum = 0;
    for (const auto& session : sessions)
      for (const std::size_t side : {0U, 1U})
        sum += session->client(side).agent().selected()->answers();
    return sum;
  }

  fabric::SimulatorSession simulation;
  topology::Topology topology;
  std::vector<topology::Call> calls;
  topology::NetworkGraph graph;
  network::Network network;
  sim::Wiring wiring;
  explain::PortBook ports;
  sim::IceNetwork ice;
  std::vector<std::unique_ptr<sim::IceSession>> sessions;
};

SetUps::SetUps(int calls, int sites) {
  sim::seedStreams(1, 1);
  ready_ = std::make_unique<Ready>(calls, sites);
}

SetUps::~SetUps() = default;

SetUpResult SetUps::run() {
  SetUpResult result;
  const double before = cpuSeconds();
  const auto count = static_cast<std::int64_t>(ready_->calls.size());
  for (std::int64_t i = 0; i < count; ++i) {
    const topology::Call& call = ready_->calls[static_cast<std::size_t>(i)];
    ns3::Simulator::Schedule(
        fabric::toNs3(TimePoint::at(Duration::s(1) * i / count)), [this, &call] {
          ready_->sessions.push_back(
              std::make_unique<sim::IceSession>(ready_->ice, call, sim::IceOptions{}));
          ready_->sessions.back()->start();
        });
  }
  runFor(Duration::s(3));
  result.cpuSeconds = cpuSeconds() - before;
  std::int64_t number = 0;
  for (const auto& session : ready_->sessions) {
    const auto &a = session->side(0).dtlsConnected, &b = session->side(1).dtlsConnected;
    const Duration start = Duration::s(1) * number++ / count;
    if (!a || !b) continue;
    ++result.connected;
    result.simulated = std::max(result.simulated, start + std::max(*a, *b));
  }
  return result;
}

std::int64_t SetUps::keep(Duration time) {
  const std::int64_t before = ready_->answers();
  runFor(time);
  return ready_->answers() - before;
}

}  // namespace callflow::bench
