#include <fmt/format.h>

#include <algorithm>

#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/plot/mos_map/data.h"

namespace callflow::plot::mos_map {
namespace {

// The scale of colours, the same in every result. Calls below it are of no use to anybody.
constexpr double kWorst = 2.0;
constexpr double kBest = 4.5;

// Characters of a row's or column's name that are shown.
constexpr std::size_t kMostCharacters = 14;

std::string tics(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ",
                        ticLiteral(shortened(names[i], kMostCharacters)), i);
  }
  return text;
}

}  // namespace

Figure figureOf(const Data& data) {
  // The scale of colours has a place of its own after the last map.
  const std::size_t columns = std::min<std::size_t>(3, data.maps.size() + 1);
  const std::size_t lines = (data.maps.size() + columns) / columns;
  constexpr int kCellWidth = 58;
  constexpr int kCellHeight = 30;
  const int mapWidth = std::max(200, kCellWidth * static_cast<int>(data.columns.size()));
  const int mapHeight = std::max(90, kCellHeight * static_cast<int>(data.rows.size()));
  // Left of a map stand the names of its rows, and their axis' name turned by 90 degrees.
  std::size_t longest = 0;
  for (const std::string& row : data.rows) longest = std::max(longest, row.size());
  const int names = 7 * static_cast<int>(std::min(longest, kMostCharacters));
  const int gapX = data.down.empty() ? 150 : std::max(92, 50 + names);
  const int gapY = 86;
  Layout layout;
  layout.width = std::max(720, static_cast<int>(columns) * (mapWidth + gapX) + 30);
  layout.height = 76 + static_cast<int>(lines) * (mapHeight + gapY);
  std::string script = prelude(kName, layout, data.title, data.subtitle);
  script += fmt::format(
      "set palette defined (0 '#00204d', 1 '#213d6b', 2 '#555b6c', 3 '#7b7a77', 4 '#a59c74', "
      "5 '#d3c064', 6 '#ffea46')\n"
      "set cbrange [{}:{}]\nunset colorbox\nunset grid\nset border 0\nset tics scale 0\n"
      "set xrange [-0.5:{}]\nset yrange [-0.5:{}]\nset xtics ({})\nset ytics ({})\n"
      "set xlabel {} offset 0,0.3\nset multiplot\n",
      decimal(kWorst), decimal(kBest), decimal(static_cast<double>(data.columns.size()) - 0.5),
      decimal(static_cast<double>(data.rows.size()) - 0.5), tics(data.columns), tics(data.rows),
      literal(data.across));
  const auto leftOf = [&](std::size_t index) {
    return gapX - 14 + static_cast<int>(index % columns) * (mapWidth + gapX);
  };
  const auto topOf = [&](std::size_t index) {
    return 104 + static_cast<int>(index / columns) * (mapHeight + gapY);
  };
  const auto place = [&](std::size_t index, int width, int height) {
    const int left = leftOf(index);
    const int top = topOf(index);
    return fmt::format(
        "set lmargin at screen {}\nset rmargin at screen {}\nset tmargin at screen {}\n"
        "set bmargin at screen {}\n",
        decimal(double(left) / layout.width), decimal(double(left + width) / layout.width),
        decimal(1 - double(top) / layout.height),
        decimal(1 - double(top + height) / layout.height));
  };
  for (std::size_t m = 0; m < data.maps.size(); ++m) {
    script += place(m, mapWidth, mapHeight);
    script += fmt::format("set label 3 {} at graph 0,1 offset 0,0.8 left font bold_font\n",
                          literal(shortened(data.maps[m].title, 34)));
    // gnuplot's own axis label would stand where it guesses the widest name to begin: in the map
    // to the left.
    if (!data.down.empty()) {
      script += fmt::format("set label 5 {} at screen {},{} center rotate by 90\n",
                            literal(data.down), decimal((leftOf(m) - names - 24.0) / layout.width),
                            decimal(1 - (topOf(m) + mapHeight / 2.0) / layout.height));
    }
    const std::string mine = fmt::format("($1 == {} ? $2 : NaN)", m);
    const std::string low = fmt::format("($1 == {} && $10 == 1 ? $2 : NaN)", m);
    script += fmt::format(
        "plot 'mos-map.csv' using {0}:3:($2-0.5):($2+0.5):($3-0.5):($3+0.5):4 skip 1 with "
        "boxxyerror fs solid 1.0 noborder lc palette, \\\n"
        "     '' using {1}:3:($2-0.44):($2+0.44):($3-0.42):($3+0.42) skip 1 with boxxyerror fs "
        "empty border lw 2 lc rgb '#D55E00', \\\n"
        "     '' using {0}:3:(stringcolumn(8)):9 skip 1 with labels font bold_font tc rgb "
        "variable\n",
        mine, low);
    if (m == 0) script += "unset label 1\nunset label 2\n";
  }
  // The scale: the same colours and the mark.
  script += place(data.maps.size(), mapWidth, 16);
  script += fmt::format(
      "unset label 3\nunset label 5\nset xrange [{0}:{1}]\nset yrange [0:1]\nset xtics 0.5 format "
      "'%.1f'\n"
      "unset ytics\nset xlabel 'MOS (conversational)'\nset samples 101\n"
      "set label 4 'framed: below {2:.2f}, many' at graph 0,0 offset 0,-4.6 left tc "
      "rgb "
      "'#D55E00'\n"
      "set label 5 'users dissatisfied (G.107)' at graph 0,0 offset 0,-5.8 left tc rgb '#D55E00'\n"
      "plot [t={0}:{1}] '+' using 1:(0.5):($1-0.02):($1+0.02):(0):(1):1 with boxxyerror fs "
      "solid "
      "1.0 noborder lc palette\nunset multiplot\n",
      decimal(kWorst), decimal(kBest), kPoor);
  return {kName, script, data.table};
}

}  // namespace callflow::plot::mos_map
