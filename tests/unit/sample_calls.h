// Calls to which something happened, made by hand: what their clients noted, and nothing else.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "src/metrics/run_record.h"
#include "src/results/result.h"

namespace callflow::test {

// Ann at home and ben at a peer's, set up in 1 s over their NATs, scored from 3 s, until 40 s;
// nothing happens to it.
metrics::CallRecord quietCall();
// ann disconnected at 15.3 s and ben at 16.1 s, ICE restarted at 16.2 s, over ann's relay in UDP
// from 16.6 s and connected at 16.7 s.
metrics::CallRecord restartedCall();
// Both disconnected at 15.3 s, failed at 31 s, and so removed.
metrics::CallRecord lostCall();
// Never connected: ann has no relay by 2 s, and the call is given up at 30 s.
metrics::CallRecord refusedCall();

// One run of scenario `life` for each call, each a variant of the name given.
results::Result resultOf(const std::vector<std::pair<std::string, metrics::CallRecord>>& variants);

}  // namespace callflow::test
