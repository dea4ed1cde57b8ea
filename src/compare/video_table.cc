#include "src/compare/video_table.h"

#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "src/metrics/statistics.h"
#include "src/results/collect.h"
#include "src/results/format.h"

namespace callflow::compare {

namespace {

using metrics::MetricId;
using results::valueText;
using Runs = std::vector<const metrics::RunRecord*>;

std::string meanText(const Runs& runs, MetricId id) {
  return valueText(metrics::metric(id), metrics::mean(results::runValues(runs, {}, id)));
}

std::string meanWithInterval(const Runs& runs, MetricId id) {
  const metrics::Metric& m = metrics::metric(id);
  const metrics::Interval all = metrics::meanInterval(results::runValues(runs, {}, id));
  if (std::isnan(all.low)) return valueText(m, all.mean);
  return fmt::format("{} [{}, {}]", results::plainText(m, all.mean), results::plainText(m, all.low),
                     results::plainText(m, all.high));
}

// Of one stream; a stream that shows nothing cannot freeze. Its time is that of what it decodes.
std::string freezesText(const Runs& runs) {
  double freezes = 0, seconds = 0;
  for (const auto* run : runs) {
    for (const metrics::StreamRecord& s : run->streams) {
      const double rate = s.totals[MetricId::video_frame_rate];
      if (!(rate > 0)) continue;
      freezes += s.totals[MetricId::video_freezes];
      seconds += s.totals[MetricId::video_frames_decoded] / rate;
    }
  }
  return seconds > 0 ? fmt::format("{:.2f}/min", freezes / seconds * 60) : "-";
}

// Whether there was any.
template <typename Row>
bool eachCase(const results::Result& result, MetricId id, const Row& row) {
  bool any = false;
  for (const results::CaseInput& c : result.cases) {
    const Runs runs = recordsOf(result, c.variant);
    if (results::runValues(runs, {}, id).empty()) continue;
    any = true;
    row(c.variant, runs);
  }
  return any;
}

}  // namespace

bool hasMetric(const results::Result& result, metrics::MetricId id) {
  return eachCase(result, id, [](const std::string&, const Runs&) {});
}

std::string videoText(const results::Result& result, const Layout& layout) {
  Table table({Align::left, Align::right, Align::right, Align::right, Align::right, Align::right,
               Align::left});
  table.row({"VIDEO", "RECEIVED", "HEIGHT", "FRAMES", "FREEZES", "FROZEN", "VQ mean [95 %]"});
  const bool any = eachCase(
      result, MetricId::video_received_rate, [&](const std::string& variant, const Runs& runs) {
        table.row({variant, meanText(runs, MetricId::video_received_rate),
                   meanText(runs, MetricId::video_frame_height),
                   meanText(runs, MetricId::video_frame_rate), freezesText(runs),
                   meanText(runs, MetricId::video_freeze_ratio),
                   meanWithInterval(runs, MetricId::video_vq)});
      });
  return any ? '\n' + table.text(layout.width) : std::string{};
}

std::string screenText(const results::Result& result, const Layout& layout) {
  Table table({Align::left, Align::right, Align::right, Align::right, Align::right, Align::right,
               Align::right});
  table.row({"SCREEN", "RECEIVED", "HEIGHT", "FRAMES", "DELAY", "DELAY p95", "LOST"});
  const bool any = eachCase(result, MetricId::screen_received_rate,
                            [&](const std::string& variant, const Runs& runs) {
                              table.row({variant, meanText(runs, MetricId::screen_received_rate),
                                         meanText(runs, MetricId::screen_frame_height),
                                         meanText(runs, MetricId::screen_frame_rate),
                                         meanText(runs, MetricId::screen_capture_to_render),
                                         meanText(runs, MetricId::screen_one_way_delay_p95),
                                         meanText(runs, MetricId::screen_lost_ratio)});
                            });
  return any ? '\n' + table.text(layout.width) : std::string{};
}

}  // namespace callflow::compare
