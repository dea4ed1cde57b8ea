// explain -v: what the agents of a call's clients do.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "src/topology/scenario.h"

namespace callflow::cli {

// How the clients connect; where something happens to the network meanwhile, also the call in time.
std::string iceOf(const topology::Case& one, const topology::Call& call);
// Of a call that ends for want of signaling, which the paths of its media do not tell.
std::string endingsOf(const topology::Case& one, const topology::Call& call);
// The same as "ice" and "life" of a call.
void addIce(const topology::Case& one, const topology::Call& call, nlohmann::ordered_json& to);

}  // namespace callflow::cli
