#include <fmt/format.h>

#include <algorithm>

#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/plot/group_video.h"
#include "src/plot/layers/data.h"

namespace callflow::plot::layers {

namespace {

constexpr std::size_t kMostColumns = 3;
constexpr std::size_t kMostHeights = 8;  // in the legend
constexpr std::size_t kMostCharacters = 18;
constexpr int kGap = 24;  // pixels between columns

}  // namespace

Figure figureOf(const Data& data) {
  const std::size_t columns = std::min(data.columns.size(), kMostColumns);
  const double lanes = data.places.back().y + 1;
  const int lane = lanes > 24 ? 15 : 20;  // pixels
  const int width = columns == 1 ? 560 : columns == 2 ? 360 : 270;
  std::size_t longest = 0;
  for (const Place& p : data.places)
    longest = std::max({longest, std::min(p.sender.size(), kMostCharacters)});
  Layout layout;
  layout.left = 30 + 7 * static_cast<int>(longest);
  layout.right = 150;
  layout.top = 92;
  layout.bottom = 58;
  layout.width = layout.left + layout.right + static_cast<int>(columns) * (width + kGap) - kGap;
  layout.height = layout.top + layout.bottom + std::max(180, lane * static_cast<int>(lanes));
  std::string script = prelude(kName, layout, data.title, data.subtitle) + heightPalette();
  std::string tics;
  for (const Place& p : data.places)
    tics += fmt::format("{}{} {}", tics.empty() ? "" : ", ",
                        ticLiteral(shortened(p.sender, kMostCharacters)), decimal(p.y));
  script += fmt::format(
      "set xrange [0:{0}]\nset yrange [{1}:-0.5]\nset ytics scale 0 ({2}) font small_font\nset "
      "border 1\nunset grid\nset grid xtics\nset xtics 0,{3}\nset multiplot\n",
      decimal(data.end), decimal(lanes - 0.5), tics,
      decimal(columns > 1 ? 2 * niceStep(data.end) : niceStep(data.end)));
  const auto screen = [&](double x, double y) {
    return fmt::format("screen {},{}", decimal(x / layout.width), decimal(1 - y / layout.height));
  };
  double y = layout.top + 4;
  const double right = layout.width - layout.right + 16;
  const auto legend = [&](std::string_view words, const std::string& mark) {
    if (!mark.empty())
      script += fmt::format("set label '' at {} point {}\n", screen(right + 8, y), mark);
    script += fmt::format("set label {} at {} left font small_font tc rgb '#222222'\n",
                          literal(words), screen(mark.empty() ? right : right + 24, y));
    y += 20;
  };
  legend("lines shown", {});
  for (std::size_t i = 0; i < std::min(data.heights.size(), kMostHeights); ++i)
    legend(std::to_string(data.heights[i]),
           fmt::format("pt 5 ps 2 lc palette cb {}", std::min(data.heights[i], 720)));
  if (data.frozen) legend("stands still", "pt 5 ps 1 lc rgb '#D55E00'");
  legend("blank: nothing", {});
  for (std::size_t i = 0; i < columns; ++i) {
    const int left = layout.left + static_cast<int>(i) * (width + kGap);
    script += fmt::format(
        "set lmargin at screen {}\nset rmargin at screen {}\nset tmargin at screen {}\nset bmargin "
        "at screen {}\n{}\n{}\n",
        decimal(double(left) / layout.width), decimal(double(left + width) / layout.width),
        decimal(1 - double(layout.top) / layout.height),
        decimal(double(layout.bottom) / layout.height), i == 0 ? "" : "unset ytics",
        i == (columns - 1) / 2 ? "set xlabel " + literal(data.timeAxis) : "unset xlabel");
    if (columns > 1)
      script += fmt::format("set label {} at {} left font bold_font\n",
                            literal(shortened(data.columns[i].variant, 30)),
                            screen(left, layout.top - 16));
    std::string receiver;
    for (const Place& p : data.places) {
      if (p.receiver == receiver) continue;
      receiver = p.receiver;
      script += fmt::format(
          "set label {} at first 0, first {} left font small_font tc rgb '#000000' front\n",
          literal("what " + shortened(receiver, 24) + " sees"), decimal(p.y - 0.9));
    }
    const auto boxes = [&](std::string_view kind, double below, double above,
                           std::string_view look) {
      return fmt::format(
          "'layers.csv' using ($1 == {0} && strcol(3) eq '{1}' ? $4 : "
          "NaN):2:4:5:($2-({2})):($2+{3})"
          "{4}",
          i, kind, decimal(below), decimal(above), look);
    };
    script += fmt::format(
        "plot {}, \\\n     {}\nunset label\n",
        boxes("height", 0.4, 0.4, ":6 skip 1 with boxxyerror fs solid 1.0 noborder lc palette"),
        boxes("frozen", -0.18, 0.4,
              " skip 1 with boxxyerror fs solid 1.0 noborder fc rgb '#D55E00'"));
  }
  script += "unset multiplot\n";
  return {kName, script, data.table};
}

}  // namespace callflow::plot::layers
