#include <fmt/format.h>

#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/plot/sequence/data.h"

namespace callflow::plot::sequence {

namespace {

std::string scriptOf(const Lanes& lanes) {
  std::string script;
  for (std::size_t i = 0; i < lanes.at.size(); ++i) {
    script += fmt::format(
        "set arrow from {0},graph 0 to {0},graph 1 nohead lc rgb '#999999' lw 1 back\n"
        "set label {1} at {0},graph 1 center offset 0,1.9 font bold_font front\n",
        decimal(lanes.at[i]), literal(shortened(lanes.names[i], 17)));
    if (i == lanes.transports.size()) continue;
    script += fmt::format(
        "set label '{}' at {},graph 1 center offset 0,0.7 font small_font tc rgb '#666666' "
        "front\n",
        lanes.transports[i], decimal((lanes.at[i] + lanes.at[i + 1]) / 2));
  }
  return script +
         fmt::format("set label {} at {},graph 1 center offset 0,3.6 font bold_font front\n",
                     literal(shortened(lanes.variant, 40)),
                     decimal((lanes.at.front() + lanes.at.back()) / 2));
}

}  // namespace

Figure figureOf(const Data& data) {
  Layout layout;
  layout.left = 20;
  layout.right = 20;
  layout.top = 150;
  layout.bottom = 24;
  layout.width = 40 + data.panelWidth * static_cast<int>(data.panels.size());
  layout.height = 640;
  std::string script = prelude(kName, layout, data.title, data.subtitle);
  script += fmt::format(
      "set xrange [0:{}]\nset yrange [{}:{}]\nunset border\nunset tics\nunset grid\n"
      "set style line 1 lc rgb '#0072B2' lw 2\nset style line 2 lc rgb '#D55E00' lw 2 dt '-'\n",
      data.panels.size(), decimal(data.end * 1.06), decimal(-0.01 * data.end));
  for (const Lanes& lanes : data.panels) script += scriptOf(lanes);
  for (const Label& label : data.labels) {
    script += fmt::format(
        "set label {} at first {},first {} {} offset {} font small_font tc rgb '{}' front\n",
        literal(label.text), decimal(label.x), decimal(label.t), label.align, label.offset,
        label.colour);
  }
  const auto vectors = [](std::string_view kind, std::string_view style) {
    return fmt::format(
        "'sequence.csv' using (strcol(1) eq '{}' ? $3 : NaN):4:($5 - $3):($6 - $4) skip 1 with "
        "vectors {}",
        kind, style);
  };
  const std::vector<std::string> plots = {
      vectors("held", "nohead lw 7 lc rgb '#E69F00'"),
      vectors("sent", "head filled size screen 0.012,18 ls 1"),
      vectors("again", "head filled size screen 0.012,18 ls 2"),
      vectors("lost", "nohead lw 2 lc rgb '#0072B2'"),
      "'sequence.csv' using (strcol(1) eq 'lost' ? $5 : NaN):6 skip 1 with points pt 2 ps 1.6 lw "
      "2.4 lc rgb "
      "'#D55E00'",
  };
  script += fmt::format("plot {}\n", fmt::join(plots, ", \\\n     "));
  return {kName, script, data.table};
}

}  // namespace callflow::plot::sequence
