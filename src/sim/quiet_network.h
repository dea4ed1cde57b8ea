// A quiet copy of a case's network, on which nothing but the clients' agents sends. Internal to
// sim.
#pragma once

#include "models/fabric/simulator.h"
#include "src/sim/ice_network.h"
#include "src/sim/ice_session.h"
#include "src/sim/wiring.h"
#include "src/topology/scenario.h"

namespace callflow::sim {

// How often a session is looked at, whether it is settled.
constexpr Duration kLook = Duration::ms(100);
// Whether so long after its start nothing that matters will be found any more: both ends have been
// connected for `settling`, or never will be.
bool isSettled(const IceSession& session, Duration since, Duration settling = Duration::s(2));

// Uses ns-3's process-wide simulator, as simulate() does.
struct QuietNetwork {
  // Must not outlive the graph, whose lines are as quiet here as the topology's.
  QuietNetwork(const topology::NetworkGraph& graph, const topology::Topology& topology);

  fabric::SimulatorSession simulation;
  topology::Topology topology;
  const topology::NetworkGraph& graph;
  network::Network network;
  Wiring wiring;
  explain::PortBook ports;
  IceNetwork ice;
};

}  // namespace callflow::sim
