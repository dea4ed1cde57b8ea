// All that was found in the cases of a file, each finding once, and what its calls take of lines.
#pragma once

#include <string>
#include <vector>

#include "src/check/bandwidth.h"
#include "src/check/context.h"
#include "src/check/finding.h"
#include "src/topology/scenario.h"

namespace callflow::check {

// A line, and in which variants calls take so much of it; none: in all of them.
struct LoadRow {
  LinkLoad load;
  std::vector<std::string> variants;
};

struct Report {
  std::string file;               // as given by the user
  std::vector<Finding> findings;  // errors first, then by place
  std::vector<LoadRow> lines;     // each direction by itself, those of one line together
  std::size_t variants = 1;       // of the file
  Ratio share;

  std::size_t count(Severity severity) const;
};

// Of cases: a scenario's, or one of a bare topology. Cells of a sweep count with the variant that
// they belong to, as its first cell has it.
Report checkCases(const std::string& file, const std::vector<topology::Case>& cases, Ratio share,
                  const PathsOf& pathsOf);

}  // namespace callflow::check
