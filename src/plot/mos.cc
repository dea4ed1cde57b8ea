// How the call sounds over time.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "src/metrics/statistics.h"
#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/results/collect.h"
#include "src/results/csv.h"
#include "src/results/number.h"

namespace callflow::plot {

namespace {

using metrics::MetricId;

// User satisfaction, ITU-T G.107 Table B.1: lower bound of each category.
struct Zone {
  double mos;
  std::string_view name;
};
constexpr std::array<Zone, 6> kZones = {{{4.34, "very satisfied"},
                                         {4.03, "satisfied"},
                                         {3.60, "some users dissatisfied"},
                                         {3.10, "many users dissatisfied"},
                                         {2.58, "nearly all users dissatisfied"},
                                         {1.00, "not recommended"}}};
constexpr double kWorstMos = 1, kBest = 4.5;  // of the scale

struct Point {
  metrics::Interval mos;
  double center = 0;  // s
};

struct Curve {
  std::string variant;
  std::vector<Point> points;
  double mean = 0;       // of whole calls
  double worst = kBest;  // window
};

// Mean over a run's streams for each window, then mean and interval over the runs.
Curve curveOf(const results::Result& result, const std::string& variant, double halfWindow) {
  Curve curve;
  curve.variant = variant;
  std::map<Duration, std::vector<double>> byStart;
  for (const metrics::RunRecord* run : recordsOf(result, variant)) {
    std::map<Duration, std::vector<double>> here;
    for (const metrics::StreamRecord& s : run->streams) {
      for (const metrics::Window& w : s.windows) {
        const double mos = w.values[MetricId::mos];
        if (!std::isnan(mos)) here[w.start].push_back(mos);
      }
    }
    for (const auto& [start, values] : here) byStart[start].push_back(metrics::mean(values));
  }
  for (const auto& [start, values] : byStart) {
    metrics::Interval mos = metrics::meanInterval(values);
    // The interval is that of a mean that cannot leave the scale.
    if (!std::isnan(mos.low)) {
      mos.low = std::clamp(mos.low, kWorstMos, kBest);
      mos.high = std::clamp(mos.high, kWorstMos, kBest);
    }
    curve.points.push_back({mos, start.seconds() + halfWindow});
    curve.worst = std::min(curve.worst, curve.points.back().mos.mean);
  }
  curve.mean = metrics::mean(results::runValues(recordsOf(result, variant), {}, MetricId::mos));
  return curve;
}

// Half the distance of windows: where the middle of each lies. Zero if there is one window only.
double halfWindow(const results::Result& result) {
  for (const metrics::RunRecord& run : result.records) {
    for (const metrics::StreamRecord& s : run.streams) {
      if (s.windows.size() > 1) return (s.windows[1].start - s.windows[0].start).seconds() / 2;
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
      valuesLow.push_back(results::runValue(*a, {}, MetricId::mos));
      valuesHigh.push_back(results::runValue(*b, {}, MetricId::mos));
    }
  }
  const metrics::Interval gain = metrics::pairedDifference(valuesLow, valuesHigh);
  if (gain.count > 1 && !gain.excludesZero()) {
    return fmt::format("No difference in MOS detected: {:.2f} with {}, {:.2f} with {}", high.mean,
                       high.variant, low.mean, low.variant);
  }
  return fmt::format("The call sounds best with {} (MOS {:.2f}), worst with {} ({:.2f})",
                     high.variant, high.mean, low.variant, low.mean);
}

}  // namespace

Drawn mosOverTime(const results::Result& result) {
  const double half = halfWindow(result);
  std::vector<Curve> curves;
  std::size_t longest = 0;
  for (const std::string& variant : variantsWithRuns(result)) {
    Curve curve = curveOf(result, variant, half);
    longest = std::max(longest, curve.points.size());
    if (!curve.points.empty()) curves.push_back(std::move(curve));
  }
  if (longest < 2) return {std::nullopt, "calls are shorter than two windows of the score"};

  results::CsvWriter csv({"series", "time[s]", "mos", "ci95_low", "ci95_high", "runs", "variant"});
  double end = 0;
  double lowest = 3.4;
  bool band = false;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    double last = 0;
    for (const Point& p : curves[i].points) {
      // No line over windows that there are not: NaN ends it, where gnuplot bridges an empty value.
      if (last > 0 && p.center - last > 3 * half) {
        csv.row({std::to_string(i), results::numberText(last + 2 * half), "NaN", "NaN", "NaN", "0",
                 curves[i].variant});
      }
      last = p.center;
      csv.row({std::to_string(i), results::numberText(p.center), results::numberText(p.mos.mean),
               results::numberText(p.mos.low), results::numberText(p.mos.high),
               std::to_string(p.mos.count), curves[i].variant});
      end = std::max(end, p.center + half);
      lowest = std::min({lowest, p.mos.mean, std::isnan(p.mos.low) ? kBest : p.mos.low});
      band = band || !std::isnan(p.mos.low);
    }
  }
  const double floor = std::max(1.0, std::floor(lowest * 2) / 2);

  const Layout layout;
  std::string script = prelude("mos", layout, titleOf(result, curves),
                               conditions(result, fmt::format("E-model, {:g} s windows{}", 2 * half,
                                                              band ? ", mean and 95 % band" : "")));
  script += fmt::format(
      "set xrange [0:{}]\nset yrange [{}:{}]\nset ytics 0.5\nset format y '%.1f'\n"
      "set xlabel {}\nset ylabel 'MOS (conversational)'\nset grid noytics noxtics\n",
      decimal(end), decimal(floor), decimal(kBest), literal(callTime(result, true)));
  double top = kBest;
  for (const Zone& z : kZones) {
    const double bottom = std::max(z.mos, floor);
    const auto index = &z - kZones.data();
    if (top <= floor) break;
    if (index % 2 == 0) {
      script += fmt::format(
          "set object rectangle from graph 0,first {} to graph 1,first {} behind fc rgb '#f4f4f4' "
          "fs "
          "solid 1.0 noborder\n",
          decimal(bottom), decimal(top));
    }
    if ((top - bottom) / (kBest - floor) > 0.04) {
      script += fmt::format(
          "set label {} at graph 0.99,first {} right font small_font tc rgb '#999999' back\n",
          literal(z.name), decimal((top + bottom) / 2));
    }
    top = bottom;
  }
  std::vector<SideLabel> labels;
  std::vector<std::string> bands;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < std::min(curves.size(), kMostSeries); ++i) {
    const Curve& c = curves[i];
    labels.push_back({(c.points.back().mos.mean - floor) / (kBest - floor),
                      i,
                      c.variant,
                      {fmt::format("mean {:.2f}, worst {:.2f}", c.mean, c.worst)}});
    const std::string mine = fmt::format("($1 == {} ? $2 : NaN)", i);
    if (band) {
      bands.push_back(fmt::format("'mos.csv' using {}:4:5 skip 1 with filledcurves lc rgb '{}'",
                                  mine, colour(i)));
    }
    lines.push_back(fmt::format(
        "'mos.csv' using {}:3 skip 1 with linespoints lw 2.4 dt {} pt 7 ps 0.45 lc rgb '{}'", mine,
        dash(i), colour(i)));
  }
  bands.insert(bands.end(), lines.begin(), lines.end());
  script += sideLabels(labels, layout);
  script += fmt::format("plot {}\n", fmt::join(bands, ", \\\n     "));
  return {Figure{"mos", script, csv.text()}, {}};
}

}  // namespace callflow::plot
