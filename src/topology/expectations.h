// A scenario's `expect:`, read and checked against its variants, calls and participants.
#pragma once

#include <string>
#include <vector>

#include "src/diag/diag.h"
#include "src/topology/scenario.h"
#include "src/topology/scenario_table.h"

namespace callflow::topology {

// What `texts` promise about `cases`. A promise about a variant holds in each of its cells, one
// about a cell there only. `declared` are the variants that the file declares. Faults are reported
// at their place.
std::vector<Expectation> readExpectations(const std::vector<ExpectationText>& texts,
                                          const std::vector<std::string>& declared,
                                          const std::vector<Case>& cases, Diagnostics& diagnostics);

// What remains of the promises in the file of one case, of variant `base` and named `name` among
// all (the cell of a sweep goes by its variant's name there, if `named`, and has no other beside
// it).
void keepExpectationsOf(const std::string& name, const std::string& base, bool named,
                        const std::vector<Call>& calls, std::vector<ExpectationText>& texts);

}  // namespace callflow::topology
