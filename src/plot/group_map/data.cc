#include "src/plot/group_map/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "src/metrics/statistics.h"
#include "src/plot/figure.h"
#include "src/plot/group_video.h"
#include "src/results/csv.h"
#include "src/results/number.h"

namespace callflow::plot::group_map {

namespace {

using metrics::MetricId;

// Values of one square, of all runs and streams.
struct Cell {
  std::vector<double> height, frameRate, vq, frozen;
  std::size_t streams = 0;

  void add(const metrics::StreamRecord& s) {
    const auto take = [&](std::vector<double>& into, MetricId id) {
      if (!std::isnan(s.totals[id])) into.push_back(s.totals[id]);
    };
    ++streams;
    const double rate = s.totals[MetricId::video_frame_rate];
    take(frameRate, MetricId::video_frame_rate);
    if (!(rate > 0)) return;  // there is no picture to speak of
    take(height, MetricId::video_frame_height);
    take(vq, MetricId::video_vq);
    take(frozen, MetricId::video_freeze_ratio);
  }
};

std::string placeOf(const std::string& person, bool sites) {
  return sites ? siteOf(person) : person;
}

void addOnce(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

std::size_t indexOf(const std::vector<std::string>& names, const std::string& name) {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

// Who sends and who receives, in the order of the call.
void setAxes(const results::Result& result, const GroupVideo& group, Data& data) {
  std::map<std::string, std::pair<bool, bool>> part;
  for (const metrics::RunRecord& run : result.records) {
    for (const auto* view : viewsIn(run, group)) {
      part[view->from].first = true;
      part[view->to].second = true;
    }
  }
  for (const std::string& person : group.people) {
    if (part[person].first) addOnce(data.columns, placeOf(person, data.sites));
    if (part[person].second) addOnce(data.rows, placeOf(person, data.sites));
  }
}

Map mapOf(const results::Result& result, const std::string& variant, const GroupVideo& group,
          const Data& data) {
  std::map<std::pair<std::size_t, std::size_t>, Cell> cells;
  const auto runs = recordsOf(result, variant);
  for (const metrics::RunRecord* run : runs) {
    for (const auto* view : viewsIn(*run, group)) {
      const std::size_t row = indexOf(data.rows, placeOf(view->to, data.sites));
      const std::size_t column = indexOf(data.columns, placeOf(view->from, data.sites));
      cells[{row, column}].add(*view);
    }
  }
  Map map{variant, {}};
  for (const auto& [at, cell] : cells) {
    const double frozen = metrics::mean(cell.frozen);
    map.squares.push_back({at.second, at.first, metrics::mean(cell.height),
                           metrics::mean(cell.frameRate), metrics::mean(cell.vq),
                           std::isnan(frozen) ? 0 : frozen,
                           static_cast<int>(cell.streams / std::max<std::size_t>(1, runs.size()))});
  }
  return map;
}

std::string tableOf(const Data& data) {
  results::CsvWriter csv({"map", "column", "row", "height[px]", "frame_rate[fps]", "vq",
                          "frozen[%]", "text", "text_colour", "framed", "sender", "receiver",
                          "variant"});
  const auto value = [](double number) {
    return std::isnan(number) ? std::string{"NaN"} : results::numberText(number);
  };
  for (std::size_t m = 0; m < data.maps.size(); ++m) {
    for (const Square& s : data.maps[m].squares) {
      const bool seen = !std::isnan(s.height);
      csv.row({std::to_string(m), std::to_string(s.column), std::to_string(s.row), value(s.height),
               value(s.frameRate), value(s.vq), value(s.frozen * 100),
               seen ? fmt::format("{:.0f}p{:.0f}", s.height, s.frameRate) : "none",
               !seen || s.height > kDarkHeight ? "0" : "16777215", s.frozen >= kFrozen ? "1" : "0",
               data.columns[s.column], data.rows[s.row], data.maps[m].variant});
    }
  }
  return csv.text();
}

// Who sees least, in the variant where that is least: of a group it is one who suffers.
std::string titleOf(const Data& data) {
  struct Worst {
    double height = 1e300;
    std::size_t row = 0, map = 0;
  } worst;
  double best = 0;
  for (std::size_t m = 0; m < data.maps.size(); ++m) {
    std::vector<std::vector<double>> seen(data.rows.size());
    for (const Square& s : data.maps[m].squares)
      seen[s.row].push_back(std::isnan(s.height) ? 0 : s.height);
    for (std::size_t row = 0; row < seen.size(); ++row) {
      if (seen[row].empty()) continue;
      const double mean = metrics::mean(seen[row]);
      best = std::max(best, mean);
      if (mean < worst.height) worst = {mean, row, m};
    }
  }
  if (best - worst.height < 1)
    return fmt::format("Everybody sees the others with {:.0f} lines", best);
  return fmt::format("{} sees {:.0f} lines on average{}; the best off {:.0f}", data.rows[worst.row],
                     worst.height,
                     data.maps.size() > 1 ? " in " + data.maps[worst.map].variant : "", best);
}

}  // namespace

Found<Data> dataOf(const results::Result& result) {
  const auto group = groupVideo(result);
  if (!group) return {std::nullopt, "no call of three and more has video"};
  Data data;
  data.sites = group->people.size() > kMostPeople;
  setAxes(result, *group, data);
  for (const std::string& variant : variantsWithRuns(result)) {
    Map map = mapOf(result, variant, *group, data);
    if (!map.squares.empty()) data.maps.push_back(std::move(map));
  }
  data.title = titleOf(data);
  data.subtitle = conditions(
      result, fmt::format("{}, {}{}", group->call,
                          count(static_cast<std::int64_t>(group->people.size()), "participant"),
                          data.sites ? ", by site" : ""));
  data.table = tableOf(data);
  return {std::move(data), {}};
}

}  // namespace callflow::plot::group_map
