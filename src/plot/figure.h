// What the pictures share: the look (colours, type, titles, side labels) and its words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/results/result.h"

namespace callflow::plot {

// More variants than this cannot be told apart in one picture: the data file has them all, the
// picture the first.
inline constexpr std::size_t kMostSeries = 7;

// Okabe-Ito (jfly.uni-koeln.de/color): distinct with the common colour vision deficiencies. The
// index wraps around.
std::string colour(std::size_t index);
// Lines through points that are marked, where that many can be told apart.
std::string_view lineStyle(std::size_t points);
std::string dash(std::size_t index);  // gnuplot's dt; series differ in more than their colour

// The frame of a picture in pixels; the plot itself lies inside the margins.
struct Layout {
  int width = 860;
  int height = 480;
  int left = 80;
  int right = 210;
  int top = 84;
  int bottom = 62;
};

// Terminal by the variable `ext`, fonts, grid, border and the two title lines.
std::string prelude(const std::string& name, const Layout& layout, std::string_view title,
                    std::string_view subtitle);

// A label beside the plot for each series, at its height (0 bottom to 1 top) where there is room.
struct SideLabel {
  double height = 0;
  std::size_t series = 0;  // colour and dash of the sample line
  std::string name;
  std::vector<std::string> details;  // small grey lines below the name
  bool line = true;                  // false: a dot in place of a line
};
std::string sideLabels(std::vector<SideLabel> labels, const Layout& layout);

// "10 runs; title of the scenario"
std::string conditions(const results::Result& result, std::string_view before = {});
std::string count(std::int64_t n, std::string_view what);  // "1 run", "10 runs", "30 000 frames"
// In characters, at most; cut between words where there are any, "..." at the end.
std::string shortened(std::string_view text, std::size_t most);
std::string decimal(double value);  // for scripts: never in a locale's or exponent form

// "Time in the call (s)", and where its zero is in the scenario's time, which events are written
// in: `fromScored`, of the first frame that is scored, as windows have it; else of the first of
// all. Known from traced runs; without one it is said that the zero is the call's own.
std::string callTime(const results::Result& result, bool fromScored);

// A distance of tics, 1, 2 or 5 times a power of ten, that gives 4 to 10 of them up to `top`.
double niceStep(double top);
// Rounded up to 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten.
double niceAbove(double value);
// Tics for a logarithmic axis from `low` to `high`: gnuplot's list, without the parentheses.
std::string logTics(double low, double high);

// Pictures of sound leave out streams of video, whose windows are shorter; and the other way round.
bool isSound(const metrics::StreamRecord& stream);
bool isVideo(const metrics::StreamRecord& stream);

// Variants that have runs, in file order.
std::vector<std::string> variantsWithRuns(const results::Result& result);

}  // namespace callflow::plot
