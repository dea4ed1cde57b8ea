#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/plot/loss/data.h"

namespace callflow::plot::loss {

namespace {

constexpr std::size_t kMostGroups = 8;

double endOf(const Bar& bar) {
  return std::isnan(bar.high) ? bar.mean : std::max(bar.mean, bar.high);
}

std::string valueOf(const Bar& bar) {
  std::string value = percentText(bar.mean) + " %";
  if (!std::isnan(bar.low) && bar.high > bar.low)
    value += fmt::format("  [{}, {}]", percentText(std::max(bar.low, 0.0)), percentText(bar.high));
  return value;
}

std::string labelsOf(const Group& group, double top) {
  std::string text = fmt::format("set label {} at graph 0,first {} left font bold_font front\n",
                                 literal(shortened(group.variant, 60)), decimal(top + 0.45));
  double y = top + kFirstBar;
  for (const Bar& bar : group.bars) {
    text += fmt::format(
        "set label {} at graph 0,first {} offset -1,0 right tc rgb '#222222' front\n"
        "set label {} at first {},{} offset 0.8,0 left font small_font tc rgb '#222222' front\n",
        literal(bar.label), decimal(y), literal(valueOf(bar)), decimal(endOf(bar)), decimal(y));
    y += 1;
  }
  return text;
}

}  // namespace

Figure figureOf(const Data& data) {
  const std::size_t shown = std::min(data.groups.size(), kMostGroups);
  Layout layout;
  layout.left = 110;
  layout.right = 170;
  layout.height =
      layout.top + layout.bottom + static_cast<int>(26 * kGroupHeight * static_cast<double>(shown));
  std::string labels;
  double widest = 0.1;
  std::vector<std::string> plots;
  for (std::size_t g = 0; g < shown; ++g) {
    labels += labelsOf(data.groups[g], kGroupHeight * static_cast<double>(g));
    for (const Bar& bar : data.groups[g].bars) widest = std::max(widest, endOf(bar));
  }
  const std::vector<Bar>& bars = data.groups.front().bars;
  for (std::size_t b = 0; b < bars.size(); ++b) {
    plots.push_back(fmt::format(
        "'loss.csv' using (0):($2 == {0} && $1 < {1} ? $3 : NaN):(0):4:($3 - 0.4):($3 + "
        "0.4) skip 1 with boxxyerror fs solid 1.0 noborder lc rgb '{2}'",
        b, shown, bars[b].fill));
  }
  plots.push_back(
      fmt::format("'loss.csv' using 4:($1 < {} ? $3 : NaN):5:6 skip 1 with xerrorbars pt -1 lw "
                  "1.2 lc rgb '#222222'",
                  shown));
  std::string script = prelude(kName, layout, data.title, data.subtitle);
  script += fmt::format(
      "set xrange [0:{}]\nset yrange [{}:-0.2]\nunset ytics\nset grid noytics\nset border 1\n"
      "set xlabel 'Share (%)'\n",
      decimal(niceAbove(widest)), decimal(kGroupHeight * static_cast<double>(shown)));
  script += labels;
  script += fmt::format("plot {}\n", fmt::join(plots, ", \\\n     "));
  return {kName, script, data.table};
}

}  // namespace callflow::plot::loss
