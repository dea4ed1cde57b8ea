#include "src/plot/jitter_buffer/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "src/metrics/statistics.h"
#include "src/plot/figure.h"
#include "src/results/collect.h"
#include "src/results/csv.h"
#include "src/results/number.h"

namespace callflow::plot::jitter_buffer {

namespace {

using metrics::MetricId;

Curve curveOf(const results::Result& result, const std::string& variant) {
  Curve curve;
  curve.variant = variant;
  std::map<Duration, std::pair<std::vector<double>, std::vector<double>>> byStart;
  Duration width;
  for (const metrics::RunRecord* run : recordsOf(result, variant)) {
    for (const metrics::StreamRecord& s : run->streams) {
      if (!isSound(s)) continue;
      if (s.windows.size() > 1) width = s.windows[1].start - s.windows[0].start;
      for (const metrics::Window& w : s.windows) {
        const double target = w.values[MetricId::audio_jitter_buffer_target];
        const double concealed = w.values[MetricId::audio_concealed_ratio];
        // Where nothing was played the buffer aimed at nothing, and all was made up.
        auto& [targets, shares] = byStart[w.start];
        if (!std::isnan(target)) targets.push_back(target * 1e3);
        if (!std::isnan(concealed)) shares.push_back(concealed * 1e2);
      }
    }
  }
  for (const auto& [start, values] : byStart) {
    curve.points.push_back(
        {(start + width / 2).seconds(), metrics::mean(values.first), metrics::mean(values.second)});
  }
  // Of the whole calls, as tables and the other pictures have them: windows hold more or less
  // sound.
  const auto records = recordsOf(result, variant);
  const auto ofCalls = [&](MetricId metric) {
    return metrics::meanInterval(results::runValues(records, {}, metric)).mean;
  };
  curve.meanTarget = ofCalls(MetricId::audio_jitter_buffer_target) * 1e3;
  curve.meanConcealed = ofCalls(MetricId::audio_concealed_ratio) * 1e2;
  return curve;
}

// NaN in the data is a gap in the line; gnuplot bridges an empty value.
std::string value(double number) {
  return std::isnan(number) ? "NaN" : results::numberText(number);
}

std::string titleOf(std::vector<Curve> curves) {
  // Where nothing was ever played, nothing was aimed at.
  std::erase_if(curves, [](const Curve& curve) { return std::isnan(curve.meanTarget); });
  if (curves.empty()) return "Nothing was played: all of the sound is made up";
  const auto byTarget = [](const Curve& a, const Curve& b) { return a.meanTarget < b.meanTarget; };
  const Curve& low = *std::min_element(curves.begin(), curves.end(), byTarget);
  const Curve& high = *std::max_element(curves.begin(), curves.end(), byTarget);
  if (curves.size() == 1) {
    return fmt::format("The jitter buffer aims at {:.0f} ms, and {:.1f} % of the sound is made up",
                       low.meanTarget, low.meanConcealed);
  }
  if (std::round(low.meanTarget) == std::round(high.meanTarget))
    return fmt::format("The jitter buffer aims at {:.0f} ms in all variants", high.meanTarget);
  return fmt::format("The jitter buffer aims at {:.0f} ms with {}, at {:.0f} ms with {}",
                     high.meanTarget, high.variant, low.meanTarget, low.variant);
}

// Sets the bounds that the table tells.
std::string tableOf(Data& data) {
  results::CsvWriter csv({"series", "time[s]", "target[ms]", "concealed[%]", "variant"});
  for (std::size_t i = 0; i < data.curves.size(); ++i) {
    const double step = data.curves[i].points[1].center - data.curves[i].points[0].center;
    double last = 0;
    for (const Point& p : data.curves[i].points) {
      // No line over windows that there are not: NaN ends it, where gnuplot bridges an empty value.
      if (last > 0 && p.center - last > 1.5 * step) {
        csv.row({std::to_string(i), results::numberText(last + step), "NaN", "NaN",
                 data.curves[i].variant});
      }
      last = p.center;
      csv.row({std::to_string(i), results::numberText(p.center), value(p.target),
               value(p.concealed), data.curves[i].variant});
      data.end = std::max(data.end, p.center);
      if (p.target > data.mostTarget) data.mostTarget = p.target;
      if (p.concealed > data.mostConcealed) data.mostConcealed = p.concealed;
    }
  }
  return csv.text();
}

}  // namespace

Found<Data> dataOf(const results::Result& result) {
  Data data;
  std::vector<Curve>& curves = data.curves;
  for (const std::string& variant : variantsWithRuns(result)) {
    Curve curve = curveOf(result, variant);
    if (curve.points.size() > 1) curves.push_back(std::move(curve));
  }
  if (curves.empty()) return {std::nullopt, "calls are shorter than two windows of the score"};
  const bool played = std::any_of(curves.begin(), curves.end(), [](const Curve& curve) {
    return std::any_of(curve.points.begin(), curve.points.end(),
                       [](const Point& point) { return !std::isnan(point.target); });
  });
  if (!played) return {std::nullopt, "no frame was played"};
  data.table = tableOf(data);
  for (std::size_t i = 0; i < std::min(curves.size(), kMostSeries); ++i) {
    const auto marks = marksOf(result, curves[i].variant, i);
    data.marks.insert(data.marks.end(), marks.begin(), marks.end());
  }
  data.title = titleOf(curves);
  data.subtitle = conditions(result, "mean of all streams, by window of the score");
  data.timeAxis = callTime(result, true);
  return {std::move(data), {}};
}

}  // namespace callflow::plot::jitter_buffer
