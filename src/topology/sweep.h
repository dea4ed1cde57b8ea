// The cells that the axes of a scenario's `sweep:` span.
#pragma once

#include <string>
#include <vector>

#include "src/diag/diag.h"
#include "src/topology/scenario_table.h"

namespace callflow::topology {

// One combination of values, and the changes that make it.
struct Cell {
  std::vector<AxisValue> at;            // in the order of the axes
  std::vector<config::RawMap> changes;  // one for each axis
  std::vector<std::string> where;       // "sweep.loss": the key path of each change
};

// The last axis changes fastest. No axes give one cell that changes nothing. Faults (an axis
// without values, a key on two axes, labels that do not fit, too many cells) are reported at their
// place; then one cell stands for all, so that what else is wrong in them is found too.
std::vector<Cell> cellsOf(const config::Named<Axis>& sweep, Diagnostics& diagnostics);

// "relay-tcp, loss 2%, rtt 100 ms"; `base` is left out if the file declares no variants.
std::string caseName(const std::string& base, bool declared, const std::vector<AxisValue>& cell);

}  // namespace callflow::topology
