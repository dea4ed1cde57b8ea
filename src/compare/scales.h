// Which scales scores are on. Those of a narrowband, a wideband and a fullband call do not compare.
#pragma once

#include <string>
#include <vector>

#include "src/metrics/run_record.h"
#include "src/results/result.h"

namespace callflow::compare {

// Of the scores of these runs: "fullband", "fullband, narrowband"; empty if they do not say.
std::string scalesOf(const std::vector<const metrics::RunRecord*>& runs);

// One line that tells which variants are on which scale, or nothing if all scores of the result are
// on one. Of a sweep, the cells of a variant are taken together.
std::string scaleNote(const results::Result& result);

}  // namespace callflow::compare
