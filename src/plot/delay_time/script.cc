#include <fmt/format.h>

#include <algorithm>

#include "src/plot/delay_time/data.h"
#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"

namespace callflow::plot::delay_time {

namespace {

SideLabel labelOf(const Series& s, std::size_t index, double height) {
  SideLabel label{height, index, s.variant, {}, false};
  if (!s.sameAs.empty()) label.details.push_back("the same as " + s.sameAs);
  if (s.retransmitted > 0)
    label.details.push_back(fmt::format("\u25cb {} sent again", s.retransmitted));
  if (s.lost > 0) label.details.push_back(fmt::format("\u00d7 {} lost", s.lost));
  if (s.recovered > 0) label.details.push_back(fmt::format("+ {} recovered", s.recovered));
  if (s.late > 0) label.details.push_back(fmt::format("{} too late to play", s.late));
  if (label.details.empty()) label.details.push_back("all played");
  return label;
}

// Few dots are to be seen each.
bool fewIn(const Data& data) {
  constexpr std::size_t kFew = 200;
  return std::all_of(data.series.begin(), data.series.end(),
                     [](const Series& s) { return s.points < kFew; });
}

}  // namespace

Figure figureOf(const Data& data) {
  const std::size_t shown = std::min(data.series.size(), kMostSeries);
  const double top = niceAbove(data.highest * 1.05);
  Layout layout;
  // Room for delays of four and five figures.
  layout.left =
      std::max(layout.left, 44 + 10 * static_cast<int>(fmt::format("{:.0f}", top).size()));
  const double end = std::max(data.end, 0.02);
  const double left = -0.01 * end, right = 1.01 * end;
  const MarkStrip strip(data.marks, layout, left, right);
  strip.widen(layout);
  std::string script = prelude(kName, layout, data.title, data.subtitle) + strip.script(layout);
  // Lost packets have no delay: they stand below zero, a row for each variant that lost some, and
  // below that one for those whose sound the next packet brought.
  const double row = top * 0.04;
  int rows = 0;
  for (std::size_t i = 0; i < shown; ++i) {
    const Series& s = data.series[i];
    if (s.sameAs.empty()) rows += (s.lost > 0 ? 1 : 0) + (s.recovered > 0 ? 1 : 0);
  }
  const double bottom = -row * rows;
  script += fmt::format(
      "set xrange [{}:{}]\nset yrange [{}:{}]\nset ytics 0,{}\nset xlabel {}\nset ylabel 'One-way "
      "delay (ms)'\n",
      decimal(left), decimal(right), decimal(bottom), decimal(top), decimal(niceStep(top)),
      literal(data.timeAxis));
  const bool large = fewIn(data);
  int lostRow = 0;
  std::vector<SideLabel> labels;
  std::vector<std::string> dots;
  std::vector<std::string> marks;
  for (std::size_t i = 0; i < shown; ++i) {
    const Series& s = data.series[i];
    labels.push_back(labelOf(s, i, (s.largest - bottom) / (top - bottom)));
    if (!s.sameAs.empty()) continue;
    const std::string mine = fmt::format("$1 == {}", i);
    if (s.thinned) {
      // Strokes as wide as dots, and half a dot longer at both ends.
      const double half = 1.2 * (top - bottom) / (layout.height - layout.top - layout.bottom);
      dots.push_back(
          fmt::format("'delay-time.csv' using ({0} ? $2 : NaN):($3 - {1}):(0):($8 - $3 + {2}) skip "
                      "1 with vectors nohead lw 2.4 lc rgb '{3}'",
                      mine, decimal(half), decimal(2 * half), colour(i)));
    } else {
      dots.push_back(fmt::format(
          "'delay-time.csv' using ({} ? $2 : NaN):3 skip 1 with points pt 7 ps {} lc rgb '{}'",
          mine, large ? "0.8" : "0.32", colour(i)));
    }
    if (s.retransmitted > 0) {
      marks.push_back(
          fmt::format("'delay-time.csv' using ({} && $4 == 1 ? $2 : NaN):3 skip 1 with points pt 6 "
                      "ps {} lw 1.3 lc rgb '{}'",
                      mine, large ? "1.8" : "1.0", colour(i)));
    }
    const auto mark = [&](std::string_view which, int sign) {
      marks.push_back(
          fmt::format("'delay-time.csv' using ({} && ({}) ? $2 : NaN):({}) skip "
                      "1 with points pt {} ps 0.7 lw 1.3 lc rgb '{}'",
                      mine, which, decimal(-row * (lostRow++ + 0.5)), sign, colour(i)));
    };
    if (s.lost > 0) mark("strcol(5) eq 'lost' || $9 == 1", 2);
    if (s.recovered > 0) mark("$9 == 1", 1);
  }
  // The first variant on top: it is the one that others are held against.
  std::reverse(dots.begin(), dots.end());
  dots.insert(dots.end(), marks.begin(), marks.end());
  script += sideLabels(labels, layout);
  script += fmt::format("plot {}\n", fmt::join(dots, ", \\\n     "));
  return {kName, script, data.table};
}

}  // namespace callflow::plot::delay_time
