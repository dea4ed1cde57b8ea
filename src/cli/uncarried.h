// Other traffic of which nothing arrived.
#pragma once

#include <string>
#include <vector>

#include "src/results/result.h"
#include "src/topology/scenario.h"

namespace callflow::cli {

struct Uncarried {
  std::string variant, traffic, reason;
};
// With what refuses it; what is merely too late or lost is not told of.
std::vector<Uncarried> uncarriedIn(const topology::Scenario& scenario,
                                   const results::Result& result);

// A line each.
std::string uncarriedText(const std::vector<Uncarried>& all, bool namesVariants);

}  // namespace callflow::cli
