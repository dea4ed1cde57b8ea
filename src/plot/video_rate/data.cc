#include "src/plot/video_rate/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "src/plot/figure.h"
#include "src/results/csv.h"
#include "src/results/number.h"

namespace callflow::plot::video_rate {

namespace {

using metrics::MetricId;
using metrics::RunRecord;
using metrics::StreamRecord;

bool sameStream(const StreamRecord& a, const StreamRecord& b) {
  return a.call == b.call && a.from == b.from && a.to == b.to && a.medium == b.medium;
}

// Of what is seen, freezes among it; nothing seen is worst.
double qualityOf(const StreamRecord& s) {
  const double strict = s.totals[MetricId::video_vq_freeze_strict];
  return std::isnan(strict) ? 0 : strict;
}

struct Choice {
  const RunRecord* run = nullptr;
  const StreamRecord* stream = nullptr;
};

// The stream that is seen worst in any run of any variant, and that run.
Choice chosen(const results::Result& result) {
  Choice worst;
  for (const results::CaseInput& c : result.cases) {
    for (const RunRecord* run : recordsOf(result, c.variant)) {
      for (const StreamRecord& s : run->streams) {
        if (!isVideo(s) || s.windows.size() < 2) continue;
        if (worst.stream == nullptr || qualityOf(s) < qualityOf(*worst.stream)) worst = {run, &s};
      }
    }
  }
  return worst;
}

std::vector<Point> pointsOf(const StreamRecord& s) {
  std::vector<Point> points;
  const double length = (s.windows[1].start - s.windows[0].start).seconds();
  for (const metrics::Window& w : s.windows) {
    const auto value = [&](MetricId id) { return w.values[id]; };
    Point p;
    p.from = w.start.seconds();
    p.to = p.from + length;
    p.available = value(MetricId::video_available_rate) / 1e3;
    p.target = value(MetricId::video_target_rate) / 1e3;
    p.sent = value(MetricId::video_sent_rate) / 1e3;
    p.received = value(MetricId::video_received_rate) / 1e3;
    p.frameRate = value(MetricId::video_frame_rate);
    // The size of the last picture is still told when there are no more.
    const double height = value(MetricId::video_frame_height);
    p.height = height > 0 && p.frameRate > 0 ? height : std::nan("");
    p.delay = value(MetricId::video_capture_to_render) * 1e3;
    p.roundTrip = value(MetricId::video_rtcp_round_trip) * 1e3;
    p.lost = value(MetricId::video_lost_ratio) * 1e2;
    p.frozen = value(MetricId::video_freeze_duration);
    points.push_back(p);
  }
  return points;
}

Column columnOf(const std::string& variant, const StreamRecord& s) {
  Column column;
  column.variant = variant;
  column.points = pointsOf(s);
  column.received = s.totals[MetricId::video_received_rate] / 1e3;
  column.height = s.totals[MetricId::video_frame_height];
  column.vq = s.totals[MetricId::video_vq];
  const double freezes = s.totals[MetricId::video_freezes];
  column.freezes = std::isnan(freezes) ? 0 : static_cast<int>(freezes);
  return column;
}

// The same run of each variant, as it has the same random numbers; else its first that has the
// stream.
std::vector<Column> columnsOf(const results::Result& result, const Choice& like) {
  std::vector<Column> columns;
  for (const std::string& variant : variantsWithRuns(result)) {
    const StreamRecord* best = nullptr;
    bool same = false;
    for (const RunRecord* run : recordsOf(result, variant)) {
      for (const StreamRecord& s : run->streams) {
        if (s.windows.size() < 2 || !sameStream(s, *like.stream)) continue;
        const bool here = run->replication == like.run->replication;
        if (best == nullptr || (here && !same)) best = &s;
        same = same || here;
      }
    }
    if (best != nullptr) columns.push_back(columnOf(variant, *best));
  }
  return columns;
}

void addBounds(const Point& p, Data& data) {
  const auto raise = [](double& most, double value) {
    if (value > most) most = value;
  };
  // What a path is taken to carry may be far more than is ever sent, and would flatten the rest.
  for (const double rate : {p.target, p.sent, p.received}) raise(data.rate, rate);
  raise(data.height, p.height);
  raise(data.frameRate, p.frameRate);
  raise(data.delay, p.delay);
  raise(data.delay, p.roundTrip);
  raise(data.lost, p.lost);
  raise(data.end, p.to);
}

std::string value(double number) {
  return std::isnan(number) ? "NaN" : results::numberText(number);
}

// Sets the bounds that the table tells.
std::string tableOf(Data& data) {
  results::CsvWriter csv({"series", "from[s]", "to[s]", "available[kbit/s]", "target[kbit/s]",
                          "sent[kbit/s]", "received[kbit/s]", "height[px]", "frame_rate[fps]",
                          "capture_to_render[ms]", "round_trip[ms]", "lost[%]", "frozen[s]",
                          "variant"});
  for (std::size_t i = 0; i < data.columns.size(); ++i) {
    for (const Point& p : data.columns[i].points) {
      addBounds(p, data);
      csv.row({std::to_string(i), results::numberText(p.from), results::numberText(p.to),
               value(p.available), value(p.target), value(p.sent), value(p.received),
               value(p.height), value(p.frameRate), value(p.delay), value(p.roundTrip),
               value(p.lost), value(p.frozen), data.columns[i].variant});
      // A freeze counts where it ends, and may have begun in an earlier window.
      if (p.frozen > 0)
        data.freezes.push_back({i, std::max(0.0, p.to - std::max(p.frozen, p.to - p.from)), p.to});
    }
  }
  return csv.text();
}

std::string titleOf(const Data& data) {
  const auto byRate = [](const Column& a, const Column& b) { return a.received < b.received; };
  const auto& columns = data.columns;
  const Column& low = *std::min_element(columns.begin(), columns.end(), byRate);
  const Column& high = *std::max_element(columns.begin(), columns.end(), byRate);
  const auto frozen = [](const Column& c) {
    return c.freezes == 0 ? std::string{"never frozen"} : "frozen " + count(c.freezes, "time");
  };
  if (columns.size() == 1)
    return fmt::format("{:.0f} kbit/s of video arrive, mostly {:.0f} lines, {}", low.received,
                       low.height, frozen(low));
  // One run says little: what differs by less is not set against each other.
  if (high.received - low.received < 0.05 * high.received) {
    const auto byFreezes = [](const Column& a, const Column& b) { return a.freezes < b.freezes; };
    const Column& calm = *std::min_element(columns.begin(), columns.end(), byFreezes);
    const Column& worst = *std::max_element(columns.begin(), columns.end(), byFreezes);
    if (calm.freezes == worst.freezes)
      return fmt::format("{:.0f} kbit/s of video arrive in every variant, {}", high.received,
                         frozen(high));
    return fmt::format("About {:.0f} kbit/s of video arrive; {} with {}, {} with {}", high.received,
                       frozen(worst), worst.variant, frozen(calm), calm.variant);
  }
  return fmt::format("{:.0f} kbit/s of video arrive with {}, {:.0f} kbit/s with {}", high.received,
                     high.variant, low.received, low.variant);
}

bool throughServer(const Choice& choice) {
  return std::any_of(choice.run->calls.begin(), choice.run->calls.end(), [&](const auto& call) {
    return call.call == choice.stream->call && !call.mediaProcessor.empty();
  });
}

}  // namespace

Found<Data> dataOf(const results::Result& result) {
  const Choice choice = chosen(result);
  if (choice.stream == nullptr) return {std::nullopt, "no call has video for two seconds or more"};
  Data data;
  data.columns = columnsOf(result, choice);
  data.server = throughServer(choice);
  data.table = tableOf(data);
  data.title = titleOf(data);
  data.subtitle = fmt::format("{}: {} to {}, run {}; {}", choice.stream->call, choice.stream->from,
                              choice.stream->to, choice.run->replication,
                              result.title.empty() ? result.scenario : result.title);
  data.timeAxis = callTime(result, true);
  return {std::move(data), {}};
}

}  // namespace callflow::plot::video_rate
