// How two clients find a path to each other, in words: candidates, pairs, what became of each.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "src/sim/quiet_ice.h"
#include "src/topology/scenario.h"

namespace callflow::cli {

std::string iceText(const sim::IceReport& report);
// "the call ends with 490/4502 after 85000 ms: ..."
std::string ending(const sim::SignalingReport::End& end);
nlohmann::ordered_json jsonOf(const sim::IceReport& report);

// What happened to a call in the course of its life, and to the network, in order of time.
struct Moment {
  Duration at;  // since the simulation's start
  std::string what;
};
std::vector<Moment> momentsOf(const sim::IceReport& life, const topology::Call& call,
                              const std::vector<topology::LinkChange>& events);
std::string lifeText(const std::vector<Moment>& moments);

}  // namespace callflow::cli
