// What links and boxes did in a run.
#pragma once

#include <vector>

#include "src/metrics/run_record.h"
#include "src/network/network.h"

namespace callflow::sim {

// Of links that anything was sent on, but for those inside a region, which take no time.
std::vector<metrics::LinkCounters> linkCounters(network::Network& network);
// By boxes, and for want of a route or a listener.
std::vector<metrics::BoxDrop> boxDrops(network::Network& network);
// Relays that had anything to do.
std::vector<metrics::RelayRecord> relayRecords(network::Network& network);

}  // namespace callflow::sim
