#include <fmt/format.h>

#include <algorithm>

#include "src/plot/delay_budget/data.h"
#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"

namespace callflow::plot::delay_budget {

namespace {

// The figures in a bar, where there is room for them, and its sum.
std::string numbersOf(const Row& row, std::size_t index, double pixelsOfMs) {
  std::string script;
  double at = 0;
  for (std::size_t p = 0; p < parts().size(); ++p) {
    const double ms = row.parts[p];
    const std::string number = fmt::format("{:.0f}", ms);
    if (ms * pixelsOfMs > 12.0 + 8.0 * static_cast<double>(number.size())) {
      script += fmt::format("set label '{}' at {},{} center font small_font tc rgb '{}' front\n",
                            number, decimal(at + ms / 2), index, parts()[p].text);
    }
    at += ms;
  }
  return script +
         fmt::format("set label '{:.0f} ms' at {},{} left offset 0.8,0 font bold_font front\n",
                     row.total, decimal(at), index);
}

// The key, in the order of the bars, beside them.
std::string keyOf(const std::vector<std::size_t>& used, const Layout& layout) {
  std::string script;
  const double x = 1 - double(layout.right - 24) / layout.width;
  for (std::size_t k = 0; k < used.size(); ++k) {
    const double y = 1 - (layout.top + 12.0 + 22.0 * static_cast<double>(k)) / layout.height;
    script += fmt::format(
        "set object rectangle from screen {},{} to screen {},{} fc rgb '{}' fs solid 1.0 noborder "
        "front\n"
        "set label {} at screen {},{} left tc rgb '#222222' front\n",
        decimal(x), decimal(y - 6.5 / layout.height), decimal(x + 13.0 / layout.width),
        decimal(y + 6.5 / layout.height), parts()[used[k]].fill, literal(parts()[used[k]].label),
        decimal(x + 22.0 / layout.width), decimal(y));
  }
  return script;
}

}  // namespace

Figure figureOf(const Data& data) {
  const std::vector<Row>& rows = data.rows;
  constexpr std::size_t kMostRows = 12;
  const std::size_t shown = std::min(rows.size(), kMostRows);
  std::size_t name = 8;
  double widest = 0;
  for (std::size_t i = 0; i < shown; ++i) {
    name = std::max(name, rows[i].variant.size());
    widest = std::max(widest, rows[i].total);
  }
  Layout layout;
  layout.left = std::clamp(30 + 9 * static_cast<int>(name), 100, 240);
  std::vector<std::size_t> used;
  for (std::size_t p = 0; p < parts().size(); ++p) {
    for (std::size_t i = 0; i < shown; ++i) {
      // Whatever is drawn, if only half a pixel wide, is named.
      if (rows[i].parts[p] >= 0.001 * widest && (used.empty() || used.back() != p))
        used.push_back(p);
    }
  }
  layout.height =
      layout.top + layout.bottom +
      std::max({54 * static_cast<int>(shown), 22 * static_cast<int>(used.size()) + 10, 120});
  std::string script = prelude(kName, layout, data.title, data.subtitle);
  const double right = niceAbove(widest * 1.12);
  script += fmt::format(
      "set xrange [0:{}]\nset yrange [{}:-0.5]\nset border 1\nset grid noytics\nset xlabel "
      "'Delay (ms)'\nset ytics scale 0 (",
      decimal(right), decimal(static_cast<double>(shown) - 0.5));
  for (std::size_t i = 0; i < shown; ++i) {
    script +=
        fmt::format("{}{} {}", i == 0 ? "" : ", ", ticLiteral(shortened(rows[i].variant, 24)), i);
  }
  script += ")\n";
  for (std::size_t i = 0; i < shown; ++i)
    script += numbersOf(rows[i], i, (layout.width - layout.left - layout.right) / right);
  script += keyOf(used, layout);
  std::vector<std::string> plots;
  for (std::size_t p = 0; p < parts().size(); ++p) {
    plots.push_back(
        fmt::format("'delay-budget.csv' using 2:($4 == {0} && $1 < {1} ? $1 : NaN):2:3:($1 - "
                    "0.32):($1 + 0.32) skip 1 "
                    "with boxxyerror fs solid 1.0 noborder lc rgb '{2}'",
                    p, shown, parts()[p].fill));
  }
  script += fmt::format("plot {}\n", fmt::join(plots, ", \\\n     "));
  return {kName, script, data.table};
}

}  // namespace callflow::plot::delay_budget
