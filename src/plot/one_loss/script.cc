#include <fmt/format.h>

#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/plot/one_loss/data.h"

namespace callflow::plot::one_loss {

namespace {

struct Style {
  const char* what;
  const char* label;
  const char* how;
  const char* colour;
};
constexpr Style kBars[] = {
    {"window", "waits for TCP's window", "lw 7", "#E69F00"},
    {"way", "on its way", "lw 2", "#0072B2"},
    {"again", "sent again", "lw 3.5", "#D55E00"},
    {"held", "held back: not in order", "lw 7", "#CC79A7"},
    {"buffer", "in the jitter buffer", "lw 7", "#c8c8c8"},
};
constexpr Style kMarks[] = {
    {"lost", "lost", "pt 2 ps 1.6 lw 3", "#D55E00"},
    {"sent", "sent", "pt 6 ps 0.7 lw 1.5", "#000000"},
    {"played", "played", "pt 7 ps 0.8", "#009E73"},
    {"late", "too late: concealed", "pt 8 ps 1.2 lw 2", "#D55E00"},
};

}  // namespace

Figure figureOf(const Data& data) {
  Layout layout;
  layout.height = 520;
  layout.right = 205;
  std::string script = prelude(kName, layout, data.title, data.subtitle);
  const std::size_t rows = data.sequences.size();
  script += fmt::format(
      "set xrange [{}:{}]\nset yrange [{}:-1]\nset grid xtics noytics\n"
      "set xlabel 'Time since the lost packet was sent (ms)'\nset ylabel 'Packet'\nset ytics (",
      decimal(data.earliest - 10), decimal(data.latest * 1.02 + 5), std::to_string(rows));
  for (std::size_t row = 0; row < rows; ++row) {
    script += fmt::format("{}'{}' {}", row == 0 ? "" : ", ", data.sequences[row], row);
  }
  script += ")\n";
  std::vector<std::string> plots;
  const auto only = [](const char* what, const char* column) {
    return fmt::format("(strcol(1) eq '{}' ? ${} : NaN)", what, column);
  };
  double height = 0.96;
  const auto legend = [&](const Style& style, bool line) {
    script += fmt::format("set label {} at graph 1.06,{} left tc rgb '#333333' font small_font\n",
                          literal(style.label), decimal(height));
    if (line) {
      script +=
          fmt::format("set arrow from graph 1.015,{0} to graph 1.05,{0} nohead {1} lc rgb '{2}'\n",
                      decimal(height), style.how, style.colour);
    } else {
      script += fmt::format("set label ' ' at graph 1.033,{} point {} lc rgb '{}'\n",
                            decimal(height), style.how, style.colour);
    }
    height -= 0.07;
  };
  for (const Style& style : kBars) {
    if (data.kinds.count(style.what) == 0) continue;
    plots.push_back(fmt::format(
        "'one-loss.csv' using {}:2:($4-$3):(0) skip 1 with vectors nohead {} lc rgb '{}'",
        only(style.what, "3"), style.how, style.colour));
    legend(style, true);
  }
  for (const Style& style : kMarks) {
    if (data.kinds.count(style.what) == 0) continue;
    plots.push_back(fmt::format("'one-loss.csv' using {}:2 skip 1 with points {} lc rgb '{}'",
                                only(style.what, "3"), style.how, style.colour));
    legend(style, false);
  }
  script += fmt::format("plot {}\n", fmt::join(plots, ", \\\n     "));
  return {kName, script, data.table};
}

}  // namespace callflow::plot::one_loss
