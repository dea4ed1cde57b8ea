// Why ICE has not found a path that was expected to work: what befell its packets on the way.
#pragma once

#include <vector>

#include "src/explain/attempt.h"
#include "src/sim/ice_network.h"
#include "src/sim/ice_session.h"

namespace callflow::sim {

// Of a session that has settled, for one kind of path. Of each client the first packet for it that
// died; nothing where none did.
std::vector<explain::Finding> missedBy(const IceNetwork& network, const IceSession& session,
                                       topology::PathKind kind);

}  // namespace callflow::sim
