// From YAML files to checked data: every fault of every file found in one pass, nothing half
// loaded.
#pragma once

#include <optional>
#include <string>

#include "src/diag/diag.h"
#include "src/topology/scenario.h"

namespace callflow::topology {

// What the caller changes of a scenario without touching its file.
struct Overrides {
  struct Setting {
    std::string key;    // "sites.hq.uplink.rate", as in `change:`, or runs, seed, warm-up, drain
    std::string value;  // as it would be written in YAML
  };
  std::vector<Setting> settings;      // made in every variant, after all other changes
  std::vector<std::string> variants;  // only these; empty: all
};

enum class FileKind { topology, scenario };

// Which kind of file this is, by its first word: a scenario has `scenario:` or `calls:`, a topology
// has neither. Nothing (and an error) when the file cannot be read as YAML at all.
std::optional<FileKind> fileKind(const std::string& path, Diagnostics& diagnostics);

// Both return nothing if any error was found; warnings alone do not stop them. A scenario's
// `topology:` is a path relative to the scenario's own file, or the topology itself as a map.
std::optional<Topology> loadTopology(const std::string& path, Diagnostics& diagnostics);
std::optional<Scenario> loadScenario(const std::string& path, Diagnostics& diagnostics,
                                     const Overrides& overrides = {});

// A network with every key and its value in force, as Case::resolvedYaml has it.
std::string resolvedText(const Topology& topology);

// Checks a file of either kind without keeping the result; true if it has no errors.
bool validateFile(const std::string& path, Diagnostics& diagnostics);

}  // namespace callflow::topology
