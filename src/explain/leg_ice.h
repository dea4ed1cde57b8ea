// What ICE makes of the legs of a path. Internal to explain.
#pragma once

#include <vector>

#include "src/explain/plan.h"
#include "src/network/network.h"

namespace callflow::explain {

// Of all legs of a path that was `chosen`. Where nothing has said yet how a client is seen, a
// packet of its own is tried on `network`, whose boxes forget before it.
void fillIce(network::Network& network, const Attempt& chosen, wire::Dscp dscp,
             std::vector<Leg>& legs);

}  // namespace callflow::explain
