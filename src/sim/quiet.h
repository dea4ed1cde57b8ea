// A network in which nothing happens but what is asked of it.
#pragma once

#include "src/topology/model.h"

namespace callflow::sim {

// The same without loss, jitter, reordering, recordings, full queues, and others on its Wi-Fi
// networks.
topology::Topology quiet(topology::Topology topology);

}  // namespace callflow::sim
