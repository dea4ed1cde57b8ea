// A network in which nothing happens but what is asked of it.
#pragma once

#include "src/topology/model.h"

namespace callflow::sim {

// A line without loss, jitter, reordering, recording, and full queue.
void calm(topology::LinkDirection& line);

// The same without loss, jitter, reordering, recordings, full queues, and others on its Wi-Fi
// networks.
topology::Topology quiet(topology::Topology topology);

}  // namespace callflow::sim
