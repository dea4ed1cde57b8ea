// Whether participants' signaling gets out: a packet over TCP 443 to the server that they use, and
// its answer, tried on the boxes as all else.
#pragma once

#include <vector>

#include "src/explain/plan.h"
#include "src/explain/refusal.h"
#include "src/topology/graph.h"
#include "src/topology/scenario.h"

namespace callflow::explain {

// A participant whose signaling does not get out: no call can be set up.
struct SignalingRefusal {
  topology::ElementId participant{};
  Refusal refusal;
};

// Of one call's participants who have a client and a way to the server, by themselves or through
// their sites' proxies.
std::vector<SignalingRefusal> trySignaling(const topology::NetworkGraph& graph,
                                           const topology::Topology& topology,
                                           const topology::Call& call);

// Notes in a plan of the call whose signaling does not get out, and why.
void addSignalingRefusals(const topology::NetworkGraph& graph, const topology::Topology& topology,
                          const topology::Call& call, CallPlan& plan);

}  // namespace callflow::explain
