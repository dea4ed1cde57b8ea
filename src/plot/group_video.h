// The group call that pictures of who sees whom are of.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/results/result.h"

namespace callflow::plot {

struct GroupVideo {
  std::string call;
  std::vector<std::string> people;  // in the order of the call
};

// Of the calls of three and more with video, the first with the most people.
std::optional<GroupVideo> groupVideo(const results::Result& result);

// What each of them sees of another, in a run.
std::vector<const metrics::StreamRecord*> viewsIn(const metrics::RunRecord& run,
                                                  const GroupVideo& group);

std::string siteOf(const std::string& person);  // "hq" of "alice@hq"; a name without one is its own

// Colours of heights of pictures, the same in all pictures: gnuplot's palette with its range.
std::string heightPalette();
// Up to here white text is easier to read on them than black text.
inline constexpr double kDarkHeight = 400;

}  // namespace callflow::plot
