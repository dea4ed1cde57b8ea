// Files named on the command line, loaded with all their faults reported at once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/diag/diag.h"
#include "src/topology/load.h"

namespace callflow::cli {

struct LoadedFile {
  std::string file;
  // One of them, or neither if the file has faults.
  std::optional<topology::Topology> topology;
  std::optional<topology::Scenario> scenario;

  bool ok() const { return topology || scenario; }
};

// Loads a file of either kind; what is wrong goes to `diagnostics`.
LoadedFile loadFile(const std::string& file, Diagnostics& diagnostics,
                    const topology::Overrides& overrides = {});

// Loads scenarios. On any fault prints all of them with `outcome` ("nothing was run") and returns
// nothing: the caller ends with exit code 2. A topology file is a fault.
std::optional<std::vector<topology::Scenario>> loadScenarios(
    const std::vector<std::string>& files, const std::string& outcome,
    const topology::Overrides& overrides = {});

// "sites.hq.uplink.rate=5 Mbit/s" as its two. Throws UsageError if it is not of that form.
topology::Overrides::Setting parseSetting(const std::string& text);

// What a drawing or an explanation is made from: one case of a scenario, or a bare topology as a
// case without calls. As loadScenarios() on faults; throws UsageError if there is no such variant.
std::optional<topology::Case> loadCase(const std::string& file, const std::string& variant,
                                       const std::string& outcome);

// The same for all cases of a variant, or all there are if none is named. Without an outcome
// nothing is printed: the same file has been loaded before.
std::optional<std::vector<topology::Case>> loadCases(const std::string& file,
                                                     const std::string& variant,
                                                     const std::string& outcome);

}  // namespace callflow::cli
