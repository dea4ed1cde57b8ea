#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/plot/group_map/data.h"
#include "src/plot/group_video.h"

namespace callflow::plot::group_map {

namespace {

constexpr std::size_t kMostCharacters = 16;
constexpr int kMostWidth = 1240;  // pixels, of maps beside each other

std::string tics(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ",
                        ticLiteral(shortened(names[i], kMostCharacters)), i);
  }
  return text;
}

int lettersOf(const std::vector<std::string>& names) {
  std::size_t longest = 0;
  for (const std::string& name : names) longest = std::max(longest, name.size());
  return static_cast<int>(std::min(longest, kMostCharacters));
}

// Squares with text in them, while there is room for any.
struct Cells {
  int width, height;
  bool text;
};
Cells cellsFor(std::size_t people) {
  if (people <= 8) return {62, 32, true};
  if (people <= 16) return {52, 24, true};
  return {15, 15, false};
}

}  // namespace

Figure figureOf(const Data& data) {
  const std::size_t people = std::max(data.columns.size(), data.rows.size());
  const Cells cells = cellsFor(people);
  const std::size_t maps = std::min(data.maps.size(), kMostSeries);
  const int mapWidth = cells.width * static_cast<int>(data.columns.size());
  const int mapHeight = cells.height * static_cast<int>(data.rows.size());
  const int names = 7 * lettersOf(data.rows);
  const int gapX = names + 44;
  const bool turned = 8 * lettersOf(data.columns) > cells.width;
  const int below = turned ? 30 + 7 * lettersOf(data.columns) : 34;
  const int gapY = below + 58;
  constexpr int kLegend = 160;
  const std::size_t columns = std::clamp<std::size_t>(
      static_cast<std::size_t>(kMostWidth / (mapWidth + gapX)), 1, std::min<std::size_t>(maps, 3));
  const std::size_t lines = (maps + columns - 1) / columns;
  Layout layout;
  layout.width = std::max(640, static_cast<int>(columns) * (mapWidth + gapX) + kLegend + 40);
  layout.height = std::max(300, 68 + static_cast<int>(lines) * (mapHeight + gapY));
  std::string script = prelude(kName, layout, data.title, data.subtitle) + heightPalette();
  script += fmt::format(
      "unset grid\nset border 0\nset tics scale 0\n"
      "set xrange [-0.5:{}]\nset yrange [{}:-0.5]\nset xtics {} ({})\nset ytics ({})\n"
      "set multiplot\n",
      decimal(static_cast<double>(data.columns.size()) - 0.5),
      decimal(static_cast<double>(data.rows.size()) - 0.5), turned ? "rotate by 60 right" : "",
      tics(data.columns), tics(data.rows));
  const auto screen = [&](double x, double y) {
    return fmt::format("screen {},{}", decimal(x / layout.width), decimal(1 - y / layout.height));
  };
  // The legend, drawn with the first map.
  double y = 110;
  const double right = layout.width - kLegend + 10;
  const auto words = [&](std::string_view text, double x, const char* look) {
    script += fmt::format("set label {} at {} left {}\n", literal(text), screen(x, y), look);
  };
  words("lines of the picture", right, "font bold_font tc rgb '#222222'");
  for (const int height : {720, 540, 360, 270, 180, 90}) {
    y += 20;
    script += fmt::format("set label '' at {} point pt 5 ps 2 lc palette cb {}\n",
                          screen(right + 8, y), height);
    words(height == 720 ? "720 and more" : std::to_string(height), right + 24,
          "font small_font tc rgb '#222222'");
  }
  if (cells.text) {
    y += 26;
    words("360p30: 360 lines,", right, "font small_font tc rgb '#555555'");
    y += 15;
    words("30 frames a second", right, "font small_font tc rgb '#555555'");
  }
  y += 24;
  words("framed: stands still for", right, "font small_font tc rgb '#D55E00'");
  y += 15;
  words(fmt::format("{:g} % of the time or more", kFrozen * 100), right,
        "font small_font tc rgb '#D55E00'");
  for (std::size_t m = 0; m < maps; ++m) {
    const int left = gapX - 10 + static_cast<int>(m % columns) * (mapWidth + gapX);
    const int top = 100 + static_cast<int>(m / columns) * (mapHeight + gapY);
    script += fmt::format(
        "set lmargin at screen {}\nset rmargin at screen {}\nset tmargin at screen {}\n"
        "set bmargin at screen {}\n",
        decimal(double(left) / layout.width), decimal(double(left + mapWidth) / layout.width),
        decimal(1 - double(top) / layout.height),
        decimal(1 - double(top + mapHeight) / layout.height));
    script += fmt::format(
        "set label {} at {} left font bold_font\n"
        "set label {} at {} center font small_font tc rgb '#555555'\n"
        "set label {} at {} center rotate by 90 font small_font tc rgb '#555555'\n",
        literal(shortened(data.maps[m].variant, 40)), screen(left, top - 14),
        literal(data.sites ? "whose pictures" : "whose picture"),
        screen(left + mapWidth / 2.0, top + mapHeight + below), literal("seen by"),
        screen(left - names - 22, top + mapHeight / 2.0));
    const std::string mine = fmt::format("($1 == {} ? $2 : NaN)", m);
    const std::string none = fmt::format("($1 == {} && strcol(4) eq 'NaN' ? $2 : NaN)", m);
    const std::string framed = fmt::format("($1 == {} && $10 == 1 ? $2 : NaN)", m);
    const auto boxes = [](const std::string& x, double half, std::string_view look) {
      return fmt::format("'group-map.csv' using {0}:3:($2-{1}):($2+{1}):($3-{1}):($3+{1}){2}", x,
                         decimal(half), look);
    };
    std::vector<std::string> plots = {
        boxes(mine, 0.485, ":4 skip 1 with boxxyerror fs solid 1.0 noborder lc palette"),
        boxes(none, 0.485, " skip 1 with boxxyerror fs solid 1.0 noborder fc rgb '#e4e4e4'"),
        boxes(framed, 0.42, " skip 1 with boxxyerror fs empty border lw 2 lc rgb '#D55E00'")};
    if (cells.text)
      plots.push_back(
          fmt::format("'group-map.csv' using {}:3:(stringcolumn(8)):9 skip 1 with labels font "
                      "small_font tc rgb "
                      "variable",
                      mine));
    script += fmt::format("plot {}\nunset label\n", fmt::join(plots, ", \\\n     "));
  }
  script += "unset multiplot\n";
  return {kName, script, data.table};
}

}  // namespace callflow::plot::group_map
