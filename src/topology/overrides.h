// `--set KEY=VALUE` and `--variant NAME`. Internal to loading.
#pragma once

#include <string>
#include <vector>

#include "src/config/value_adapters.h"
#include "src/diag/diag.h"
#include "src/topology/load.h"
#include "src/topology/sweep.h"

namespace callflow::topology {

// The settings as changes, each with its option for a place.
config::RawMap readSettings(const Overrides& overrides, Diagnostics& diagnostics);

// Is it a key that the whole scenario has, such as runs, and not each variant?
bool isOfWholeScenario(const std::string& key);

// An axis whose key a setting holds fast would have cells that are all the same: a fault.
void refuseOverriddenAxes(const config::RawMap& settings, const Cell& cell,
                          Diagnostics& diagnostics);

// Leaves out the cases of other variants and what is expected of them. A name that no case has is a
// fault. `file` is named in messages.
void keepVariants(const std::vector<std::string>& wanted, const std::string& file,
                  Scenario& scenario, Diagnostics& diagnostics);

}  // namespace callflow::topology
