#include "src/plot/layers/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "src/metrics/statistics.h"
#include "src/plot/figure.h"
#include "src/plot/group_video.h"
#include "src/results/csv.h"
#include "src/results/number.h"

namespace callflow::plot::layers {

namespace {

using metrics::MetricId;
using metrics::RunRecord;
using metrics::StreamRecord;

constexpr double kHeader = 1;  // room for a receiver's name, in lanes

// Windows with the same height one after the other are one band.
Lane laneOf(const StreamRecord& s) {
  Lane lane{s.to, s.from, {}, {}};
  if (s.windows.size() < 2) return lane;
  const double length = (s.windows[1].start - s.windows[0].start).seconds();
  for (const metrics::Window& w : s.windows) {
    const double from = w.start.seconds(), to = from + length;
    const double frozen = w.values[MetricId::video_freeze_duration];
    // A freeze counts where it ends.
    if (frozen > 0) lane.frozen.push_back({std::max(0.0, to - std::max(frozen, length)), to, 0});
    const double height = w.values[MetricId::video_frame_height];
    if (!(height > 0) || !(w.values[MetricId::video_frame_rate] > 0)) continue;
    Band* const last = lane.bands.empty() ? nullptr : &lane.bands.back();
    if (last != nullptr && last->height == height && from - last->to < length / 2)
      last->to = to;
    else
      lane.bands.push_back({from, to, height});
  }
  return lane;
}

// The first run with the call.
Column columnOf(const results::Result& result, const std::string& variant,
                const GroupVideo& group) {
  Column column{variant, {}};
  for (const RunRecord* run : recordsOf(result, variant)) {
    for (const StreamRecord* view : viewsIn(*run, group)) column.lanes.push_back(laneOf(*view));
    if (!column.lanes.empty()) break;
  }
  return column;
}

// Mean over time, nothing for what is not seen.
double meanHeight(const Lane& lane, double end) {
  double sum = 0;
  for (const Band& band : lane.bands) sum += band.height * (band.to - band.from);
  return end > 0 ? sum / end : 0;
}

// Of each receiver, the least of its means over the variants.
std::map<std::string, double> leastSeen(const Data& data) {
  std::map<std::string, double> least;
  for (const Column& column : data.columns) {
    std::map<std::string, std::vector<double>> here;
    for (const Lane& lane : column.lanes) here[lane.receiver].push_back(meanHeight(lane, data.end));
    for (const auto& [receiver, means] : here) {
      const auto found = least.try_emplace(receiver, metrics::mean(means)).first;
      found->second = std::min(found->second, metrics::mean(means));
    }
  }
  return least;
}

// In the order of the call; where there is no room for all, those who see least.
void setPlaces(const GroupVideo& group, Data& data) {
  std::map<std::string, std::set<std::string>> sendersOf;
  for (const Column& column : data.columns)
    for (const Lane& lane : column.lanes) sendersOf[lane.receiver].insert(lane.sender);
  std::vector<std::string> receivers;
  std::size_t lanes = 0;
  for (const std::string& person : group.people) {
    if (!sendersOf.contains(person)) continue;
    receivers.push_back(person);
    lanes += sendersOf[person].size();
  }
  if (lanes > kMostLanes) {
    const auto least = leastSeen(data);
    std::stable_sort(receivers.begin(), receivers.end(),
                     [&](const auto& a, const auto& b) { return least.at(a) < least.at(b); });
    std::size_t room = kMostLanes, fit = 0;
    while (fit < receivers.size() && (fit == 0 || sendersOf[receivers[fit]].size() <= room)) {
      room -= std::min(room, sendersOf[receivers[fit]].size());
      ++fit;
    }
    data.hidden = receivers.size() - fit;
    receivers.resize(fit);
  }
  data.receivers = receivers.size();
  double y = 0;
  for (const std::string& receiver : receivers) {
    y += kHeader;
    for (const std::string& sender : group.people)
      if (sendersOf[receiver].contains(sender)) data.places.push_back({receiver, sender, y++});
  }
}

std::string tableOf(const Data& data) {
  results::CsvWriter csv(
      {"series", "y", "band", "from[s]", "to[s]", "height[px]", "receiver", "sender", "variant"});
  for (std::size_t i = 0; i < data.columns.size(); ++i) {
    for (const Lane& lane : data.columns[i].lanes) {
      const auto place = std::find_if(data.places.begin(), data.places.end(), [&](const Place& p) {
        return p.receiver == lane.receiver && p.sender == lane.sender;
      });
      const std::string y = place == data.places.end() ? "NaN" : results::numberText(place->y);
      const auto row = [&](const char* kind, const Band& band, const std::string& height) {
        csv.row({std::to_string(i), y, kind, results::numberText(band.from),
                 results::numberText(band.to), height, lane.receiver, lane.sender,
                 data.columns[i].variant});
      };
      for (const Band& band : lane.bands) row("height", band, results::numberText(band.height));
      for (const Band& band : lane.frozen) row("frozen", band, "NaN");
    }
  }
  return csv.text();
}

std::string titleOf(const Data& data) {
  std::size_t changes = 0, most = 0;
  std::string who, variant;
  for (const Column& column : data.columns) {
    std::map<std::string, std::size_t> here;
    for (const Lane& lane : column.lanes)
      if (lane.bands.size() > 1) here[lane.receiver] += lane.bands.size() - 1;
    for (const auto& [receiver, n] : here) {
      changes += n;
      if (n <= most) continue;
      most = n;
      who = receiver;
      variant = column.variant;
    }
  }
  if (changes == 0) return "Everybody gets the same sizes all the time";
  return fmt::format("Sizes that {} gets change {}{}", who,
                     count(static_cast<std::int64_t>(most), "time"),
                     data.columns.size() > 1 ? " in " + variant : "");
}

}  // namespace

Found<Data> dataOf(const results::Result& result) {
  const auto group = groupVideo(result);
  if (!group) return {std::nullopt, "no call of three and more has video"};
  Data data;
  std::set<int, std::greater<>> heights;
  for (const std::string& variant : variantsWithRuns(result)) {
    Column column = columnOf(result, variant, *group);
    if (column.lanes.empty()) continue;
    for (const Lane& lane : column.lanes) {
      data.frozen = data.frozen || !lane.frozen.empty();
      for (const Band& band : lane.bands) {
        data.end = std::max(data.end, band.to);
        heights.insert(static_cast<int>(band.height));
      }
    }
    data.columns.push_back(std::move(column));
  }
  if (!(data.end > 0)) return {std::nullopt, "nobody of the group was seen for two seconds"};
  data.heights.assign(heights.begin(), heights.end());
  setPlaces(*group, data);
  data.title = titleOf(data);
  const std::string left = data.hidden == 0
                               ? ""
                               : fmt::format(", the {} who see least of {}", data.receivers,
                                             data.receivers + data.hidden);
  data.subtitle = fmt::format("{}{}; the first run; {}", group->call, left,
                              result.title.empty() ? result.scenario : result.title);
  data.timeAxis = callTime(result, true);
  data.table = tableOf(data);
  return {std::move(data), {}};
}

}  // namespace callflow::plot::layers
