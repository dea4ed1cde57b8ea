// MOS by the axes of a sweep: a map for each variant, all on the same scale of colours.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "src/metrics/statistics.h"
#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/results/collect.h"
#include "src/results/csv.h"
#include "src/results/number.h"
#include "src/results/sweep.h"

namespace callflow::plot {
namespace {

using metrics::MetricId;
using results::CaseInput;

// The scale of colours, the same in every result. Calls below it are of no use to anybody.
constexpr double kWorst = 2.0;
constexpr double kBest = 4.5;
constexpr double kPoor = 3.60;  // below it many users are dissatisfied (ITU-T G.107 Table B.1)
// Up to here white figures are easier to read on the map's colours than black ones.
constexpr double kDark = 3.0;

struct Square {
  std::size_t column = 0;
  std::size_t row = 0;
  metrics::Interval mos;
  std::string variant;
};

struct Map {
  std::string title;
  std::vector<Square> squares;
};

metrics::Interval mosOf(const results::Result& result, const std::string& variant) {
  return metrics::meanInterval(results::runValues(recordsOf(result, variant), {}, MetricId::mos));
}

// The last two axes span the maps, at the middle of any others; one axis alone has the variants
// for its rows.
std::vector<Map> mapsOf(const results::Result& result,
                        const std::vector<results::SweepAxis>& axes) {
  const auto bases = basesOf(result);
  const bool single = axes.size() == 1;
  std::vector<Map> maps(single ? 1 : bases.size());
  for (std::size_t b = 0; b < bases.size(); ++b) {
    Map& map = maps[single ? 0 : b];
    if (!single) map.title = bases[b];
    CaseInput::Cell cell = closeUpCell(axes);
    const std::size_t rows = single ? 1 : axes[axes.size() - 2].values.size();
    for (std::size_t y = 0; y < rows; ++y) {
      if (!single) cell[axes.size() - 2].value = axes[axes.size() - 2].values[y];
      for (std::size_t x = 0; x < axes.back().values.size(); ++x) {
        cell.back().value = axes.back().values[x];
        const CaseInput* at = caseAt(result, bases[b], cell);
        if (at == nullptr) continue;
        const auto mos = mosOf(result, at->variant);
        if (mos.count > 0) map.squares.push_back({x, single ? b : y, mos, at->variant});
      }
    }
  }
  std::erase_if(maps, [](const Map& map) { return map.squares.empty(); });
  return maps;
}

std::string titleOf(const std::vector<Map>& maps) {
  std::size_t cells = 0;
  std::size_t poorCells = 0;
  for (const Map& map : maps) {
    for (const Square& s : map.squares) {
      ++cells;
      poorCells += s.mos.mean < kPoor ? 1 : 0;
    }
  }
  if (maps.size() == 1 || poorCells == 0)
    return fmt::format("Many users are dissatisfied in {} of {} cells", poorCells, cells);
  const auto count = [](const Map& map) {
    return std::count_if(map.squares.begin(), map.squares.end(),
                         [](const Square& s) { return s.mos.mean < kPoor; });
  };
  const auto fewer = [&](const Map& a, const Map& b) { return count(a) < count(b); };
  const Map& low = *std::min_element(maps.begin(), maps.end(), fewer);
  const Map& high = *std::max_element(maps.begin(), maps.end(), fewer);
  if (count(low) == count(high))
    return fmt::format("Many users are dissatisfied in {} of {} cells", poorCells, cells);
  return fmt::format("Many users are dissatisfied in {} of {} cells with {}, in {} with {}",
                     count(high), high.squares.size(), high.title, count(low), low.title);
}

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

Drawn mosMap(const results::Result& result) {
  const auto axes = axesOf(result);
  if (axes.empty()) return {std::nullopt, "the scenario has no sweep"};
  const auto maps = mapsOf(result, axes);
  if (maps.empty()) return {std::nullopt, "no packet was sent"};
  const bool single = axes.size() == 1;
  const results::SweepAxis& across = axes.back();
  const std::vector<std::string> rows = single ? basesOf(result) : axes[axes.size() - 2].values;

  results::CsvWriter csv({"map", "column", "row", "mos", "ci95_low", "ci95_high", "runs", "text",
                          "text_colour", "variant"});
  for (std::size_t m = 0; m < maps.size(); ++m) {
    for (const Square& s : maps[m].squares) {
      csv.row({std::to_string(m), std::to_string(s.column), std::to_string(s.row),
               results::numberText(s.mos.mean), results::numberText(s.mos.low),
               results::numberText(s.mos.high), std::to_string(s.mos.count),
               fmt::format("{:.2f}", s.mos.mean), s.mos.mean < kDark ? "16777215" : "0",
               s.variant});
    }
  }

  // The scale of colours has a place of its own after the last map.
  const std::size_t columns = std::min<std::size_t>(3, maps.size() + 1);
  const std::size_t lines = (maps.size() + columns) / columns;
  const int cellWidth = 58;
  const int cellHeight = 30;
  const int mapWidth = std::max(200, cellWidth * static_cast<int>(across.values.size()));
  const int mapHeight = std::max(90, cellHeight * static_cast<int>(rows.size()));
  // Left of a map stand the names of its rows, and their axis' name turned by 90 degrees.
  std::size_t longest = 0;
  for (const std::string& row : rows) longest = std::max(longest, row.size());
  const int names = 7 * static_cast<int>(std::min(longest, kMostCharacters));
  const int gapX = single ? 150 : std::max(92, 50 + names);
  const int gapY = 86;
  Layout layout;
  layout.width = std::max(720, static_cast<int>(columns) * (mapWidth + gapX) + 30);
  layout.height = 76 + static_cast<int>(lines) * (mapHeight + gapY);
  std::string before = "mean MOS of each cell";
  for (std::size_t a = 0; a + 2 < axes.size(); ++a)
    before += "; " + axes[a].name + " " + axes[a].values[axes[a].values.size() / 2];
  std::string script = prelude("mos-map", layout, titleOf(maps), conditions(result, before));
  script += fmt::format(
      "set palette defined (0 '#00204d', 1 '#213d6b', 2 '#555b6c', 3 '#7b7a77', 4 '#a59c74', "
      "5 '#d3c064', 6 '#ffea46')\n"
      "set cbrange [{}:{}]\nunset colorbox\nunset grid\nset border 0\nset tics scale 0\n"
      "set xrange [-0.5:{}]\nset yrange [-0.5:{}]\nset xtics ({})\nset ytics ({})\n"
      "set xlabel {} offset 0,0.3\nset multiplot\n",
      decimal(kWorst), decimal(kBest), decimal(static_cast<double>(across.values.size()) - 0.5),
      decimal(static_cast<double>(rows.size()) - 0.5), tics(across.values), tics(rows),
      literal(across.name));
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
  for (std::size_t m = 0; m < maps.size(); ++m) {
    script += place(m, mapWidth, mapHeight);
    script += fmt::format("set label 3 {} at graph 0,1 offset 0,0.8 left font bold_font\n",
                          literal(shortened(maps[m].title, 34)));
    // gnuplot's own axis label would stand where it guesses the widest name to begin: in the map
    // to the left.
    if (!single) {
      script += fmt::format("set label 5 {} at screen {},{} center rotate by 90\n",
                            literal(axes[axes.size() - 2].name),
                            decimal((leftOf(m) - names - 24.0) / layout.width),
                            decimal(1 - (topOf(m) + mapHeight / 2.0) / layout.height));
    }
    const std::string mine = fmt::format("($1 == {} ? $2 : NaN)", m);
    const std::string low = fmt::format("($1 == {} && $4 < {} ? $2 : NaN)", m, decimal(kPoor));
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
  script += place(maps.size(), mapWidth, 16);
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
  return {Figure{"mos-map", script, csv.text()}, {}};
}

}  // namespace callflow::plot
