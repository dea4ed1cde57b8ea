// Whether participants' signaling gets out: a packet over TCP 443 to a server in the service's
// range, and its answer, tried on the boxes as all else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/explain/plan.h"
#include "src/explain/refusal.h"
#include "src/topology/graph.h"
#include "src/topology/scenario.h"

namespace callflow::explain {

// No user's name: those are without spaces.
inline constexpr const char* kSignalingServer = "signaling server";

// The network with a server in the range of signaling: the way to it may be another than that to
// media (routes, split tunnels). Microsoft publishes host names only; wire::kSignalingRanges has
// the ranges.
topology::Topology withSignalingServer(topology::Topology topology);

// A participant whose signaling does not get out: no call can be set up.
struct SignalingRefusal {
  std::string participant;  // "alice@hq"
  topology::ElementId element{};
  Refusal refusal;  // its elements are those of the graph beside it
};

struct SignalingTrial {
  topology::NetworkGraph graph;  // of withSignalingServer()
  std::vector<SignalingRefusal> refused;
};

// Of one call's participants who have a client and a way to the server, by themselves or through
// their sites' proxies.
SignalingTrial trySignaling(const topology::Topology& topology, const topology::Call& call);

// Notes in a plan of the call whose signaling does not get out, and why.
void addSignalingRefusals(const topology::NetworkGraph& graph, const topology::Topology& topology,
                          const topology::Call& call, CallPlan& plan);

}  // namespace callflow::explain
