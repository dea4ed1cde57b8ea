#include "src/plot/mos_map/data.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/plot/figure.h"
#include "src/results/collect.h"
#include "src/results/csv.h"
#include "src/results/number.h"

namespace callflow::plot::mos_map {
namespace {

using metrics::MetricId;
using results::CaseInput;

metrics::Interval mosOf(const results::Result& result, const std::string& variant) {
  return metrics::meanInterval(
      results::runValues(recordsOf(result, variant), {}, MetricId::audio_mos));
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
      poorCells += s.poor() ? 1 : 0;
    }
  }
  if (maps.size() == 1 || poorCells == 0)
    return fmt::format("Many users are dissatisfied in {} of {} cells", poorCells, cells);
  const auto count = [](const Map& map) {
    return std::count_if(map.squares.begin(), map.squares.end(),
                         [](const Square& s) { return s.poor(); });
  };
  const auto fewer = [&](const Map& a, const Map& b) { return count(a) < count(b); };
  const Map& low = *std::min_element(maps.begin(), maps.end(), fewer);
  const Map& high = *std::max_element(maps.begin(), maps.end(), fewer);
  if (count(low) == count(high))
    return fmt::format("Many users are dissatisfied in {} of {} cells", poorCells, cells);
  return fmt::format("Many users are dissatisfied in {} of {} cells with {}, in {} with {}",
                     count(high), high.squares.size(), high.title, count(low), low.title);
}

std::string tableOf(const std::vector<Map>& maps) {
  results::CsvWriter csv({"map", "column", "row", "mos", "ci95_low", "ci95_high", "runs", "text",
                          "text_colour", "framed", "variant"});
  for (std::size_t m = 0; m < maps.size(); ++m) {
    for (const Square& s : maps[m].squares) {
      csv.row({std::to_string(m), std::to_string(s.column), std::to_string(s.row),
               results::numberText(s.mos.mean), results::numberText(s.mos.low),
               results::numberText(s.mos.high), std::to_string(s.mos.count),
               fmt::format("{:.2f}", s.mos.mean), s.mos.mean < kDark ? "16777215" : "0",
               s.poor() ? "1" : "0", s.variant});
    }
  }
  return csv.text();
}

}  // namespace

Found<Data> dataOf(const results::Result& result) {
  const auto axes = axesOf(result);
  if (axes.empty()) return {std::nullopt, "the scenario has no sweep"};
  Data data;
  data.maps = mapsOf(result, axes);
  if (data.maps.empty()) return {std::nullopt, "no packet was sent"};
  const bool single = axes.size() == 1;
  data.across = axes.back().name;
  data.columns = axes.back().values;
  data.down = single ? "" : axes[axes.size() - 2].name;
  data.rows = single ? basesOf(result) : axes[axes.size() - 2].values;
  std::string before = "mean MOS of each cell";
  for (std::size_t a = 0; a + 2 < axes.size(); ++a)
    before += "; " + axes[a].name + " " + axes[a].values[axes[a].values.size() / 2];
  data.title = titleOf(data.maps);
  data.subtitle = conditions(result, before);
  data.table = tableOf(data.maps);
  return {std::move(data), {}};
}

}  // namespace callflow::plot::mos_map
