// What the receiver does over time: how long it aims to hold sound back, and how much it makes up.
#include <fmt/format.h>

#include <algorithm>
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

struct Point {
  double center = 0;     // s
  double target = 0;     // ms
  double concealed = 0;  // %
};

struct Curve {
  std::string variant;
  std::vector<Point> points;
  double meanTarget = 0, meanConcealed = 0;
};

Curve curveOf(const results::Result& result, const std::string& variant) {
  Curve curve;
  curve.variant = variant;
  std::map<Duration, std::pair<std::vector<double>, std::vector<double>>> byStart;
  Duration width;
  for (const metrics::RunRecord* run : recordsOf(result, variant)) {
    for (const metrics::StreamRecord& s : run->streams) {
      if (s.windows.size() > 1) width = s.windows[1].start - s.windows[0].start;
      for (const metrics::Window& w : s.windows) {
        const double target = w.values[MetricId::jitter_buffer_target];
        const double concealed = w.values[MetricId::concealed_ratio];
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
  curve.meanTarget = ofCalls(MetricId::jitter_buffer_target) * 1e3;
  curve.meanConcealed = ofCalls(MetricId::concealed_ratio) * 1e2;
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

}  // namespace

Drawn jitterBufferOverTime(const results::Result& result) {
  std::vector<Curve> curves;
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

  results::CsvWriter csv({"series", "time[s]", "target[ms]", "concealed[%]", "variant"});
  double end = 0, mostTarget = 20, mostConcealed = 0.5;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const double step = curves[i].points[1].center - curves[i].points[0].center;
    double last = 0;
    for (const Point& p : curves[i].points) {
      // No line over windows that there are not: NaN ends it, where gnuplot bridges an empty value.
      if (last > 0 && p.center - last > 1.5 * step) {
        csv.row(
            {std::to_string(i), results::numberText(last + step), "NaN", "NaN", curves[i].variant});
      }
      last = p.center;
      csv.row({std::to_string(i), results::numberText(p.center), value(p.target),
               value(p.concealed), curves[i].variant});
      end = std::max(end, p.center);
      if (p.target > mostTarget) mostTarget = p.target;
      if (p.concealed > mostConcealed) mostConcealed = p.concealed;
    }
  }
  const double topTarget = niceAbove(mostTarget * 1.05);
  const double topConcealed = std::min(100.0, niceAbove(mostConcealed * 1.05));

  Layout layout;
  layout.height = 620;
  std::string script = prelude("jitter-buffer", layout, titleOf(curves),
                               conditions(result, "mean of all streams, by window of the score"));
  std::vector<SideLabel> labels;
  std::vector<std::string> targets, concealed;
  for (std::size_t i = 0; i < std::min(curves.size(), kMostSeries); ++i) {
    const Curve& c = curves[i];
    const double level = c.points.back().target;
    labels.push_back({(std::isnan(level) ? 0 : level) / topTarget * 0.5 + 0.5,
                      i,
                      c.variant,
                      {std::isnan(c.meanTarget) ? std::string{"nothing was played"}
                                                : fmt::format("aims at {:.0f} ms", c.meanTarget),
                       fmt::format("{:.2f} % made up", c.meanConcealed)}});
    const auto line = [&](int column) {
      return fmt::format(
          "'jitter-buffer.csv' using ($1 == {0} ? $2 : NaN):{1} skip 1 with "
          "linespoints lw 2.4 dt {2} "
          "pt 7 ps 0.45 lc rgb '{3}'",
          i, column, dash(i), colour(i));
    };
    targets.push_back(line(3));
    concealed.push_back(line(4));
  }
  // Two panels, one above the other, with one time axis.
  const double low = static_cast<double>(layout.bottom) / layout.height;
  const double high = 1 - static_cast<double>(layout.top) / layout.height;
  const double middle = (low + high) / 2;
  script += fmt::format(
      "set xrange [0:{}]\nset multiplot\n"
      "set tmargin at screen {}\nset bmargin at screen {}\n"
      "set yrange [0:{}]\nset ylabel 'Jitter-buffer target (ms)'\nset format x ''\n",
      decimal(end * 1.03), decimal(high), decimal(middle + 0.02), decimal(topTarget));
  script += sideLabels(labels, layout);
  script += fmt::format("plot {}\n", fmt::join(targets, ", \\\n     "));
  script += fmt::format(
      "unset label\nset tmargin at screen {}\nset bmargin at screen {}\n"
      "set yrange [0:{}]\nset ylabel 'Concealed (% of sound)'\nset format x '%g'\n"
      "set xlabel {}\nunset title\n",
      decimal(middle - 0.02), decimal(low), decimal(topConcealed), literal(callTime(result, true)));
  script += fmt::format("plot {}\nunset multiplot\n", fmt::join(concealed, ", \\\n     "));
  return {Figure{"jitter-buffer", script, csv.text()}, {}};
}

}  // namespace callflow::plot
