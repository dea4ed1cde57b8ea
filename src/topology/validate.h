// What the tables cannot see: faults between the parts of a network and a scenario.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "src/diag/diag.h"
#include "src/topology/scenario.h"

namespace callflow::topology {

// Where the value at a dotted path ("sites.hq.perimeter[1]") is written; if the file does not hold
// it (a default), the place of its nearest ancestor.
using Positions = std::function<SourcePos(const std::string& path)>;

// Dangling and circular references, names and subnets used twice, Azure regions that do not exist.
void validateTopology(const Topology& topology, const Positions& where, Diagnostics& diagnostics);

// What a scenario says beyond its topology, for one case.
struct CaseView {
  const Topology& topology;
  const std::vector<Call>& calls;
  const std::vector<LinkChange>& events;
  Duration warm_up;
  Duration drain;
};

// Participants, senders and links that do not exist or cannot reach each other, calls of the wrong
// size, times outside the simulation.
void validateCase(const CaseView& view, const Positions& where, Diagnostics& diagnostics);

}  // namespace callflow::topology
