// What graph, explain and validate say, for programs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "src/diag/diag.h"
#include "src/explain/plan.h"
#include "src/topology/graph.h"

namespace callflow::cli {

// Elements and directed links; delays in ms, rates in bit/s (null: unlimited).
nlohmann::ordered_json jsonOf(const topology::NetworkGraph& graph);
// The attempts of each pair, and the hops of the path taken.
nlohmann::ordered_json jsonOf(const topology::NetworkGraph& graph, const explain::CallPlan& plan);
nlohmann::ordered_json jsonOf(const Diagnostic& diagnostic);

// Indented, with a line end; bytes that are no UTF-8 are replaced.
std::string jsonText(const nlohmann::ordered_json& json);

}  // namespace callflow::cli
