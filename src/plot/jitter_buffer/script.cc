#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/plot/jitter_buffer/data.h"

namespace callflow::plot::jitter_buffer {

Figure figureOf(const Data& data) {
  const double topTarget = niceAbove(data.mostTarget * 1.05);
  const double topConcealed = std::min(100.0, niceAbove(data.mostConcealed * 1.05));
  Layout layout;
  layout.height = 620;
  const double right = data.end * 1.03;
  const MarkStrip strip(data.marks, layout, 0, right);
  strip.widen(layout);
  std::string script = prelude(kName, layout, data.title, data.subtitle) + strip.script(layout);
  std::vector<SideLabel> labels;
  std::vector<std::string> targets, concealed;
  for (std::size_t i = 0; i < std::min(data.curves.size(), kMostSeries); ++i) {
    const Curve& c = data.curves[i];
    const double level = c.points.back().target;
    labels.push_back({(std::isnan(level) ? 0 : level) / topTarget * 0.5 + 0.5,
                      i,
                      c.variant,
                      {std::isnan(c.meanTarget) ? std::string{"nothing was played"}
                                                : fmt::format("aims at {:.0f} ms", c.meanTarget),
                       fmt::format("{:.2f} % made up", c.meanConcealed)}});
    const auto line = [&](int column) {
      return fmt::format(
          "'jitter-buffer.csv' using ($1 == {0} ? $2 : NaN):{1} skip 1 with "
          "{4} lw 2.4 dt {2} lc rgb '{3}'",
          i, column, dash(i), colour(i), lineStyle(c.points.size()));
    };
    targets.push_back(line(3));
    concealed.push_back(line(4));
  }
  // Two panels, one above the other, with one time axis.
  const double low = static_cast<double>(layout.bottom) / layout.height;
  const double high = 1 - static_cast<double>(layout.top) / layout.height;
  const double middle = (low + high) / 2;
  script += fmt::format(
      "set xrange [0:{}]\nset multiplot\n"
      "set tmargin at screen {}\nset bmargin at screen {}\n"
      "set yrange [0:{}]\nset ylabel 'Jitter-buffer target (ms)'\nset format x ''\n",
      decimal(right), decimal(high), decimal(middle + 0.02), decimal(topTarget));
  script += sideLabels(labels, layout);
  script += fmt::format("plot {}\n", fmt::join(targets, ", \\\n     "));
  script += fmt::format(
      "unset label\nset tmargin at screen {}\nset bmargin at screen {}\n"
      "set yrange [0:{}]\nset ylabel 'Concealed (% of sound)'\nset format x '%g'\n"
      "set xlabel {}\nunset title\n",
      decimal(middle - 0.02), decimal(low), decimal(topConcealed), literal(data.timeAxis));
  script += fmt::format("plot {}\nunset multiplot\n", fmt::join(concealed, ", \\\n     "));
  return {kName, script, data.table};
}

}  // namespace callflow::plot::jitter_buffer
