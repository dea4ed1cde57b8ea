// What a network holds that can have no effect, and what its people may not have meant: no faults,
// but worth a word.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "src/diag/diag.h"
#include "src/topology/scenario.h"

namespace callflow::topology {

struct Finding {
  std::string subject;  // what it is about, the same in each variant that has it
  SourcePos pos;
  std::string path;
  std::string problem;
  std::string advice;
};

// Of one variant. What is idle in one variant may work in another: only what is found in every
// variant that has the subject is worth a word.
struct Findings {
  std::set<std::string> subjects;  // all that was looked at
  std::vector<Finding> found;
};

// `prefix` is put before key paths. Without calls the network alone is looked at: who could send a
// packet is not known then. Precondition: validation found no faults.
Findings findIdle(const Topology& topology, const std::vector<Call>& calls,
                  const std::string& prefix);

// Those that hold in every variant that has their subject.
std::vector<Finding> inEvery(const std::vector<Findings>& variants);

}  // namespace callflow::topology
