#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "src/plot/delay_cdf/data.h"
#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"

namespace callflow::plot::delay_cdf {

namespace {

constexpr double kGuidelineMs =
    150;  // ITU-T G.114: most people are content with up to this one way

}  // namespace

Figure figureOf(const Data& data) {
  const Layout layout;
  std::string script = prelude(kName, layout, data.title, data.subtitle);
  double low = data.low, high = data.high;
  const bool wide = high > 6 * std::max(low, 1.0);
  if (wide) {
    low = std::max(low * 0.85, 0.5);
    high *= 1.1;
    script +=
        fmt::format("set logscale x\nset xtics ({})\nset xlabel 'One-way delay (ms, log scale)'\n",
                    logTics(low, high));
  } else {
    const double span = std::max(high - low, 2.0);
    low = std::max(0.0, low - 0.15 * span);
    high += 0.25 * span;
    script += "set xlabel 'One-way delay (ms)'\n";
  }
  const double floor = data.floor;
  const double roof = 1 + 0.02 * (1 - floor);
  script += fmt::format(
      "set xrange [{}:{}]\nset yrange [{}:{}]\nset ytics {}\nset format y '%g'\n"
      "set ylabel 'Share of packets sent{}'\n",
      decimal(low), decimal(high), decimal(floor), decimal(roof), decimal((1 - floor) / 5),
      floor > 0 ? fmt::format(" (axis from {:g})", floor) : "");
  if (low < kGuidelineMs && kGuidelineMs < high) {
    // Left of the line where there is no room to its right.
    const double at = wide ? std::log(kGuidelineMs / low) / std::log(high / low)
                           : (kGuidelineMs - low) / (high - low);
    script += fmt::format(
        "set arrow from {0},graph 0 to {0},graph 1 nohead dt '.' lc rgb '#888888'\n"
        "set label 'G.114: 150 ms' at {0},graph 0.05 {1} font small_font tc rgb '#666666'\n",
        decimal(kGuidelineMs), at > 0.82 ? "right offset -0.7,0" : "left offset 0.7,0");
  }
  std::vector<SideLabel> labels;
  std::vector<std::string> plots;
  for (std::size_t i = 0; i < std::min(data.curves.size(), kMostSeries); ++i) {
    const Curve& c = data.curves[i];
    const double lost = c.lostShare();
    labels.push_back(
        {(1 - lost - floor) / (roof - floor),
         i,
         c.variant,
         {fmt::format("{:g} %: {}", data.share * 100, millisecondsText(c.within(data.share))),
          c.sent == c.received ? std::string{"all arrive"}
                               : fmt::format("{} never arrive", percentText(lost))}});
    // The last known share holds to the edge of the picture.
    plots.push_back(
        fmt::format("'delay-cdf.csv' using 1:{} skip 1 with lines lw 2.4 dt {} lc rgb '{}'", i + 2,
                    dash(i), colour(i)));
  }
  script += sideLabels(labels, layout);
  script += fmt::format("plot {}\n", fmt::join(plots, ", \\\n     "));
  return {kName, script, data.table};
}

}  // namespace callflow::plot::delay_cdf
