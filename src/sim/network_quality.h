// What clients tell their users of their networks, from what their streams were like.
#pragma once

#include "src/metrics/run_record.h"

namespace callflow::sim {

// Adds networkReceiveQuality and networkSendQuality to the events of calls, in the order of time.
void noteNetworkQuality(metrics::RunRecord& record);

}  // namespace callflow::sim
