// What happened to calls in mid-call, and how long it took to set them up, as text.
#pragma once

#include <string>

#include "src/compare/table.h"
#include "src/results/summary.h"

namespace callflow::compare {

// A line tells so many moments of a call; -v and run.json have all.
inline constexpr std::size_t kMostMoments = 6;

// " (in 3 of 10 runs; times of standup, run 4)", where there is anything to tell apart.
std::string whereText(const results::CallStory& story, int runs, const std::string& call = {});

// "udp-open: call standup: 34.1 s both disconnected, 36.4 s both connected again" lines: a call or,
// without -v, all to which the same happened.
std::string storiesText(const results::VariantSummary& v, const Layout& layout);

// A row for each participant with the time of each step since the call's start; nothing where no
// client told of any.
std::string setUpText(const results::VariantSummary& v, const Layout& layout);

}  // namespace callflow::compare
