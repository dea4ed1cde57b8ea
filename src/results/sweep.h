// A result seen as a grid: the axes of its sweep, and what lies in one cell.
#pragma once

#include <string>
#include <vector>

#include "src/results/result.h"

namespace callflow::results {

struct SweepAxis {
  std::string name;
  std::vector<std::string> values;  // in the order of the file
};

// In the order of the file; none if the result is of no sweep.
std::vector<SweepAxis> axesOf(const Result& result);

// The declared variants, each once, in the order of the file. Without a sweep, the variants.
std::vector<std::string> basesOf(const Result& result);

// The case of a variant in a cell, or null.
const CaseInput* caseAt(const Result& result, std::string_view base, const CaseInput::Cell& cell);

// The cell in the middle of the grid: where pictures look closer, and the only one whose runs keep
// their distributions and traces. Empty without a sweep.
CaseInput::Cell closeUpCell(const std::vector<SweepAxis>& axes);

// The variants in one cell as a result of its own, under their declared names. The result itself
// without a sweep.
Result resultIn(const Result& result, const CaseInput::Cell& cell);

std::string cellText(const CaseInput::Cell& cell);  // "loss 2%, rtt 100 ms"

}  // namespace callflow::results
