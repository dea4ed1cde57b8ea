// Where the participants' signaling goes, over HTTPS.
#pragma once

#include <vector>

#include "src/explain/plan.h"
#include "src/topology/graph.h"
#include "src/topology/model.h"
#include "src/topology/scenario.h"

namespace callflow::explain {

// Of the participants with a client, in their order; those that no region serves are left out. Who
// is on a VPN whose tunnel takes in signaling's addresses goes through it, whichever way media
// goes.
std::vector<Signaling> signalingOf(const topology::NetworkGraph& graph,
                                   const topology::Topology& topology, const topology::Call& call);

}  // namespace callflow::explain
