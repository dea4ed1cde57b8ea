// From YAML files to checked data: every fault of every file found in one pass, nothing half
// loaded.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/diag/diag.h"
#include "src/topology/scenario.h"

namespace callflow::topology {

// A metric that `expect:` may name: "audio.mos", and the unit its values are written in ("ms", "%",
// "MOS", ""). The layer that owns the metrics is not known here; callers hand the list in.
struct MetricName {
  std::string name;
  std::string unit;
};

enum class FileKind { topology, scenario };

// Which kind of file this is, by its first word: a scenario has `scenario:` or `calls:`, a topology
// has neither. Nothing (and an error) when the file cannot be read as YAML at all.
std::optional<FileKind> fileKind(const std::string& path, Diagnostics& diagnostics);

// Both return nothing if any error was found; warnings alone do not stop them. A scenario's
// `topology:` is a path relative to the scenario's own file, or the topology itself as a map.
std::optional<Topology> loadTopology(const std::string& path, Diagnostics& diagnostics);
std::optional<Scenario> loadScenario(const std::string& path,
                                     const std::vector<MetricName>& metrics,
                                     Diagnostics& diagnostics);

// Checks a file of either kind without keeping the result; true if it has no errors.
bool validateFile(const std::string& path, const std::vector<MetricName>& metrics,
                  Diagnostics& diagnostics);

}  // namespace callflow::topology
