// Which paths the calls of a case take, found as in a run: by the packets of their clients' agents.
#pragma once

#include <string>
#include <vector>

#include "src/explain/plan.h"
#include "src/topology/graph.h"
#include "src/topology/scenario.h"

namespace callflow::sim {

// The plans of all calls, whose paths are those that their agents have settled on, on one quiet
// copy of the network: without loss, jitter and other traffic, but with the other calls and with
// what happens to it. What is planned says why they are no better, and stands for telephones'
// calls. `graph`: of the case's topology and people. `wanted`: only of the calls of this name the
// paths are asked for; the others' may stay as they are planned. Uses ns-3's process-wide
// simulator, as simulate() does.
std::vector<explain::CallPlan> findCalls(const topology::NetworkGraph& graph,
                                         const topology::Case& input,
                                         const std::string& wanted = {});

}  // namespace callflow::sim
