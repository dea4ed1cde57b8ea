// How two clients find a path to each other, in words: candidates, pairs, what became of each.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "src/sim/quiet_ice.h"

namespace callflow::cli {

std::string iceText(const sim::IceReport& report);
nlohmann::ordered_json jsonOf(const sim::IceReport& report);

}  // namespace callflow::cli
