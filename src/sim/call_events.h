// What happened to a call's connections, from what its sessions have seen.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "src/metrics/run_record.h"
#include "src/sim/ice_session.h"

namespace callflow::sim {

// Adds those of one of a session's clients, not in the order of time.
void addEvents(const IceSession& session, std::size_t side, const std::string& participant,
               std::vector<metrics::CallEvent>& events);

// How it was set up, in the order of time.
std::vector<metrics::SetUpStep> stepsOf(const IceSession& session, std::size_t side);

}  // namespace callflow::sim
