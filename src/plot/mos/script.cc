#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/plot/mos/data.h"

namespace callflow::plot::mos {

namespace {

// User satisfaction, ITU-T G.107 Table B.1: lower bound of each category.
struct Zone {
  double mos;
  std::string_view name;
};
constexpr std::array<Zone, 6> kZones = {{{4.34, "very satisfied"},
                                         {4.03, "satisfied"},
                                         {3.60, "some users dissatisfied"},
                                         {3.10, "many users dissatisfied"},
                                         {2.58, "nearly all users dissatisfied"},
                                         {1.00, "not recommended"}}};

// The names of the zones stand in a strip beside the curves, where no line crosses them.
constexpr int kStrip = 190;  // pixels

std::string zonesFrom(double floor) {
  std::string script;
  double top = kBest;
  for (std::size_t i = 0; i < kZones.size() && top > floor; ++i) {
    const double bottom = std::max(kZones[i].mos, floor);
    if (i % 2 == 0) {
      script += fmt::format(
          "set object rectangle from graph 0,first {} to graph 1,first {} behind fc rgb '#f4f4f4' "
          "fs solid 1.0 noborder\n",
          decimal(bottom), decimal(top));
    }
    if ((top - bottom) / (kBest - floor) > 0.04) {
      script += fmt::format(
          "set label {} at graph 0.99,first {} right font small_font tc rgb '#777777'\n",
          literal(kZones[i].name), decimal((top + bottom) / 2));
    }
    top = bottom;
  }
  return script;
}

}  // namespace

Figure figureOf(const Data& data) {
  const double floor = std::max(kWorst, std::floor(data.lowest * 2) / 2);
  Layout layout;
  layout.width += 100;
  const double plotWidth = layout.width - layout.left - layout.right;
  const double right = data.end * plotWidth / (plotWidth - kStrip);
  const MarkStrip strip(data.marks, layout, 0, right);
  strip.widen(layout);
  std::string script = prelude(kName, layout, data.title, data.subtitle) + strip.script(layout);
  script += fmt::format(
      "set xrange [0:{}]\nset xtics 0,{},{}\nset yrange [{}:{}]\nset ytics 0.5\nset format y "
      "'%.1f'\nset xlabel {}\nset ylabel 'MOS (conversational)'\nset grid noytics noxtics\n",
      decimal(right), decimal(niceStep(data.end)), decimal(data.end), decimal(floor),
      decimal(kBest), literal(data.timeAxis));
  script += zonesFrom(floor);
  std::vector<SideLabel> labels;
  std::vector<std::string> bands;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < std::min(data.curves.size(), kMostSeries); ++i) {
    const Curve& c = data.curves[i];
    labels.push_back({(c.points.back().mos.mean - floor) / (kBest - floor),
                      i,
                      c.variant,
                      {fmt::format("mean {:.2f}, worst {:.2f}", c.mean, c.worst)}});
    const std::string mine = fmt::format("($1 == {} ? $2 : NaN)", i);
    if (data.bands) {
      bands.push_back(fmt::format("'mos.csv' using {}:4:5 skip 1 with filledcurves lc rgb '{}'",
                                  mine, colour(i)));
    }
    lines.push_back(fmt::format("'mos.csv' using {}:3 skip 1 with {} lw 2.4 dt {} lc rgb '{}'",
                                mine, lineStyle(c.points.size()), dash(i), colour(i)));
  }
  bands.insert(bands.end(), lines.begin(), lines.end());
  script += sideLabels(labels, layout);
  script += fmt::format("plot {}\n", fmt::join(bands, ", \\\n     "));
  return {kName, script, data.table};
}

}  // namespace callflow::plot::mos
