#include "src/plot/mos/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "src/plot/figure.h"
#include "src/results/collect.h"
#include "src/results/csv.h"
#include "src/results/number.h"

namespace callflow::plot::mos {

namespace {

using metrics::MetricId;

// Mean over a run's streams for each window, then mean and interval over the runs.
Curve curveOf(const results::Result& result, const std::string& variant, double halfWindow) {
  Curve curve;
  curve.variant = variant;
  std::map<Duration, std::vector<double>> byStart;
  for (const metrics::RunRecord* run : recordsOf(result, variant)) {
    std::map<Duration, std::vector<double>> here;
    for (const metrics::StreamRecord& s : run->streams) {
      for (const metrics::Window& w : s.windows) {
        const double mos = w.values[MetricId::audio_mos];
        if (!std::isnan(mos)) here[w.start].push_back(mos);
      }
    }
    for (const auto& [start, values] : here) byStart[start].push_back(metrics::mean(values));
  }
  for (const auto& [start, values] : byStart) {
    metrics::Interval mos = metrics::meanInterval(values);
    // The interval is that of a mean that cannot leave the scale.
    if (!std::isnan(mos.low)) {
      mos.low = std::clamp(mos.low, kWorst, kBest);
      mos.high = std::clamp(mos.high, kWorst, kBest);
    }
    curve.points.push_back({mos, start.seconds() + halfWindow});
    curve.worst = std::min(curve.worst, curve.points.back().mos.mean);
  }
  curve.mean =
      metrics::mean(results::runValues(recordsOf(result, variant), {}, MetricId::audio_mos));
  return curve;
}

// Half the distance of windows: where the middle of each lies. Zero if there is one window only.
double halfWindow(const results::Result& result) {
  for (const metrics::RunRecord& run : result.records) {
    for (const metrics::StreamRecord& s : run.streams) {
      if (isSound(s) && s.windows.size() > 1)
        return (s.windows[1].start - s.windows[0].start).seconds() / 2;
    }
  }
  return 0;
}

// Best against worst, and whether their difference is more than chance: runs on the same random
// numbers are compared in pairs.
std::string titleOf(const results::Result& result, const std::vector<Curve>& curves) {
  const auto byMean = [](const Curve& a, const Curve& b) { return a.mean < b.mean; };
  const Curve& low = *std::min_element(curves.begin(), curves.end(), byMean);
  const Curve& high = *std::max_element(curves.begin(), curves.end(), byMean);
  if (curves.size() > 1 && high.mean - low.mean < 0.005) {
    return fmt::format("No difference in MOS: {:.2f} in every variant", high.mean);
  }
  if (curves.size() == 1) {
    return fmt::format("MOS {:.2f} over the call, {:.2f} at worst", low.mean, low.worst);
  }
  std::vector<double> valuesLow;
  std::vector<double> valuesHigh;
  for (const metrics::RunRecord* a : recordsOf(result, low.variant)) {
    for (const metrics::RunRecord* b : recordsOf(result, high.variant)) {
      if (a->replication != b->replication || a->seed != b->seed) continue;
      valuesLow.push_back(results::runValue(*a, {}, MetricId::audio_mos));
      valuesHigh.push_back(results::runValue(*b, {}, MetricId::audio_mos));
    }
  }
  const metrics::Interval gain = metrics::pairedDifference(valuesLow, valuesHigh);
  if (gain.count > 1 && !gain.excludesZero()) {
    return fmt::format("No difference in MOS detected: {:.2f} with {}, {:.2f} with {}", high.mean,
                       high.variant, low.mean, low.variant);
  }
  if (high.mean - low.mean < metrics::metric(MetricId::audio_mos).margin.least) {
    return fmt::format("No difference in MOS that matters: {:.2f} with {}, {:.2f} with {}",
                       high.mean, high.variant, low.mean, low.variant);
  }
  return fmt::format("The call sounds best with {} (MOS {:.2f}), worst with {} ({:.2f})",
                     high.variant, high.mean, low.variant, low.mean);
}

// Sets the bounds that the table tells.
std::string tableOf(Data& data, double half) {
  results::CsvWriter csv({"series", "time[s]", "mos", "ci95_low", "ci95_high", "runs", "variant"});
  data.lowest = 3.4;
  for (std::size_t i = 0; i < data.curves.size(); ++i) {
    const Curve& curve = data.curves[i];
    double last = 0;
    for (const Point& p : curve.points) {
      // No line over windows that there are not: NaN ends it, where gnuplot bridges an empty value.
      if (last > 0 && p.center - last > 3 * half) {
        csv.row({std::to_string(i), results::numberText(last + 2 * half), "NaN", "NaN", "NaN", "0",
                 curve.variant});
      }
      last = p.center;
      csv.row({std::to_string(i), results::numberText(p.center), results::numberText(p.mos.mean),
               results::numberText(p.mos.low), results::numberText(p.mos.high),
               std::to_string(p.mos.count), curve.variant});
      data.end = std::max(data.end, p.center + half);
      data.lowest = std::min({data.lowest, p.mos.mean, std::isnan(p.mos.low) ? kBest : p.mos.low});
      data.bands = data.bands || !std::isnan(p.mos.low);
    }
  }
  return csv.text();
}

}  // namespace

Found<Data> dataOf(const results::Result& result) {
  const double half = halfWindow(result);
  Data data;
  std::size_t longest = 0;
  for (const std::string& variant : variantsWithRuns(result)) {
    Curve curve = curveOf(result, variant, half);
    longest = std::max(longest, curve.points.size());
    if (!curve.points.empty()) data.curves.push_back(std::move(curve));
  }
  if (longest < 2) return {std::nullopt, "calls are shorter than two windows of the score"};
  data.table = tableOf(data, half);
  for (std::size_t i = 0; i < std::min(data.curves.size(), kMostSeries); ++i) {
    const auto marks = marksOf(result, data.curves[i].variant, i);
    data.marks.insert(data.marks.end(), marks.begin(), marks.end());
  }
  data.title = titleOf(result, data.curves);
  data.subtitle = conditions(result, fmt::format("E-model, {:g} s windows{}", 2 * half,
                                                 data.bands ? ", mean and 95 % band" : ""));
  data.timeAxis = callTime(result, true);
  return {std::move(data), {}};
}

}  // namespace callflow::plot::mos
