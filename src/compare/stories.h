// Calls that met something else in mid-call on one side than on the other.
#pragma once

#include <string>
#include <vector>

#include "src/compare/compare.h"

namespace callflow::compare {

// Of calls that both sides have, in the order of A. Told apart by what each participant met, in
// which order; and by whether that was in none, some or all of the runs. Times are left to chance.
std::vector<StoryDifference> storyDifferences(const std::vector<const metrics::RunRecord*>& a,
                                              const std::vector<const metrics::RunRecord*>& b);

// "desk#1 and 3 more" lines with what happened in A and in B below each.
std::string storiesText(const std::vector<StoryDifference>& stories);

}  // namespace callflow::compare
