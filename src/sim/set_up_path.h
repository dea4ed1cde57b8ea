// Which round trips of a path a client's set-up waits for.
#pragma once

#include "models/client/set_up.h"
#include "src/explain/plan.h"
#include "src/topology/graph.h"

namespace callflow::sim {

// `back` is the way back of `there`.
client::SetUpPath setUpPath(const topology::NetworkGraph& graph, const explain::MediaPath& there,
                            const explain::MediaPath& back);

}  // namespace callflow::sim
