// Which share of the frames sent has arrived within a delay.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/results/csv.h"
#include "src/results/number.h"

namespace callflow::plot {

namespace {

using metrics::MetricId;

constexpr double kBinMs = 0.1;  // of StreamRecord::delay_histogram
constexpr double kGuidelineMs =
    150;  // ITU-T G.114: most people are content with up to this one way
constexpr int kPointsPerCurve = 1000;

struct Curve {
  std::string variant;
  std::map<std::int32_t, std::int64_t> bins;
  std::int64_t sent = 0;  // that came, or never will: those on their way at the end are not counted
  std::int64_t received = 0;

  // Share of the frames sent that took less than the bin's lower edge, for ascending bins.
  std::vector<std::pair<std::int32_t, double>> cumulative() const {
    std::vector<std::pair<std::int32_t, double>> points;
    std::int64_t before = 0;
    for (const auto& [bin, frames] : bins) {
      points.emplace_back(bin, static_cast<double>(before) / static_cast<double>(sent));
      before += frames;
      points.emplace_back(bin + 1, static_cast<double>(before) / static_cast<double>(sent));
    }
    return points;
  }
  double lostShare() const {
    return static_cast<double>(sent - received) / static_cast<double>(sent);
  }
  // Delay within which `share` of the frames sent has come; NaN if they never do.
  double within(double share) const {
    std::int64_t sum = 0;
    for (const auto& [bin, frames] : bins) {
      sum += frames;
      if (static_cast<double>(sum) >= share * static_cast<double>(sent)) return (bin + 1) * kBinMs;
    }
    return std::nan("");
  }
};

Curve curveOf(const results::Result& result, const std::string& variant) {
  Curve curve;
  curve.variant = variant;
  for (const metrics::RunRecord* run : recordsOf(result, variant)) {
    for (const metrics::StreamRecord& s : run->streams) {
      std::int64_t here = 0;
      for (const auto& [bin, frames] : s.delayHistogram) {
        curve.bins[bin] += frames;
        here += frames;
      }
      curve.received += here;
      const double lost = s.totals[MetricId::packets_lost];
      curve.sent += here + (std::isnan(lost) ? 0 : std::llround(lost));
    }
  }
  return curve;
}

std::string percent(double share) {
  const double value = share * 100;
  return fmt::format("{:.{}f} %", value, value != 0 && std::abs(value) < 10 ? 1 : 0);
}

std::string milliseconds(double value) {
  return std::isnan(value) ? "never" : fmt::format("{:.0f} ms", value);
}

// How far the curves are apart where they pass `share`; NaN if one never does.
double spread(const std::vector<Curve>& curves, double share) {
  double least = 1e300;
  double most = 0;
  for (const Curve& c : curves) {
    const double ms = c.within(share);
    if (std::isnan(ms)) return ms;
    least = std::min(least, ms);
    most = std::max(most, ms);
  }
  return most / least;
}

// The share to speak of: one that all reach. 95 %, or 99 % if they pass 95 % at about the same
// delay and 99 % does tell them apart; less where one loses more.
double tellingShare(const std::vector<Curve>& curves) {
  if (spread(curves, 0.95) < 1.1 && spread(curves, 0.99) >= 1.1) return 0.99;
  for (const double share : {0.95, 0.9, 0.75, 0.5}) {
    if (!std::isnan(spread(curves, share))) return share;
  }
  return 0.95;
}

// Where the axis of shares starts: near the top if nearly all packets of every variant take about
// the same time, because then the rest is all there is to see.
double shareFloor(const std::vector<Curve>& curves) {
  double least = 1;
  for (const Curve& c : curves) {
    std::int64_t soon = 0;
    for (const auto& [bin, frames] : c.bins) {
      if (bin <= 3 * c.bins.begin()->first / 2) soon += frames;
    }
    least = std::min(least, static_cast<double>(soon) / static_cast<double>(c.sent));
  }
  const bool alike = spread(curves, 0.95) < 1.1 && !(spread(curves, 0.99) < 1.1);
  return least > 0.9 && alike ? 0.9 : 0;
}

std::string titleOf(const std::vector<Curve>& curves, double share) {
  const auto delay = [&](const Curve& c) {
    const double ms = c.within(share);
    return std::isnan(ms) ? 1e300 : ms;
  };
  const auto sooner = [&](const Curve& a, const Curve& b) { return delay(a) < delay(b); };
  const Curve& best = *std::min_element(curves.begin(), curves.end(), sooner);
  const Curve& worst = *std::max_element(curves.begin(), curves.end(), sooner);
  const std::string subject = fmt::format("{:g} % of audio packets", share * 100);
  if (delay(best) == 1e300) return fmt::format("{} never arrive", subject);
  const std::string first =
      fmt::format("{} arrive within {}", subject, milliseconds(best.within(share)));
  const auto lossier = [](const Curve& a, const Curve& b) { return a.lostShare() < b.lostShare(); };
  const Curve& lossiest = *std::max_element(curves.begin(), curves.end(), lossier);
  const double lostMore =
      lossiest.lostShare() - std::min_element(curves.begin(), curves.end(), lossier)->lostShare();
  if (delay(worst) - delay(best) < std::max(1.0, 0.1 * delay(best))) {
    if (lostMore < 0.001) return first;
    return fmt::format("{}; {} never do with {}", first, percent(lossiest.lostShare()),
                       lossiest.variant);
  }
  return fmt::format("{} with {}, {} with {}", first, best.variant,
                     milliseconds(worst.within(share)), worst.variant);
}

}  // namespace

Drawn delayCdf(const results::Result& result) {
  std::vector<Curve> curves;
  for (const std::string& variant : variantsWithRuns(result)) {
    Curve curve = curveOf(result, variant);
    if (curve.received > 0) curves.push_back(std::move(curve));
  }
  if (curves.empty()) return {std::nullopt, "no packet arrived"};

  // One table of all curves over the delays where one of them bends.
  std::set<std::int32_t> edges;
  std::int64_t frames = 0;
  for (const Curve& c : curves) {
    frames += c.sent;
    const auto points = c.cumulative();
    double last = -1;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const bool ends = i == 0 || i + 1 == points.size();
      const bool jumps =
          i + 1 < points.size() && points[i + 1].second - points[i].second > 1.0 / kPointsPerCurve;
      if (ends || jumps || points[i].second - last >= 1.0 / kPointsPerCurve) {
        edges.insert(points[i].first);
        last = points[i].second;
      }
    }
  }
  std::vector<std::string> header = {"delay[ms]"};
  for (const Curve& c : curves) header.push_back("share within: " + c.variant);
  results::CsvWriter csv(header);
  for (const std::int32_t edge : edges) {
    std::vector<std::string> row = {results::numberText(edge * kBinMs)};
    for (const Curve& c : curves) {
      std::int64_t sum = 0;
      for (const auto& [bin, n] : c.bins) {
        if (bin >= edge) break;
        sum += n;
      }
      row.push_back(results::numberText(static_cast<double>(sum) / static_cast<double>(c.sent)));
    }
    csv.row(row);
  }

  double low = 1e300;
  double high = 0;
  for (const Curve& c : curves) {
    low = std::min(low, c.bins.begin()->first * kBinMs);
    // The last thousandth of what came would take most of the axis.
    high = std::max(
        high, c.within(0.999 * static_cast<double>(c.received) / static_cast<double>(c.sent)));
  }
  const bool wide = high > 6 * std::max(low, 1.0);
  const double share = tellingShare(curves);
  const Layout layout;
  std::string script =
      prelude("delay-cdf", layout, titleOf(curves, share),
              conditions(result, fmt::format("One-way delay, {}", count(frames, "packet"))));
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
  const double floor = shareFloor(curves);
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
  for (std::size_t i = 0; i < std::min(curves.size(), kMostSeries); ++i) {
    const Curve& c = curves[i];
    const double lost = c.lostShare();
    labels.push_back({(1 - lost - floor) / (roof - floor),
                      i,
                      c.variant,
                      {fmt::format("{:g} %: {}", share * 100, milliseconds(c.within(share))),
                       c.sent == c.received ? std::string{"all arrive"}
                                            : fmt::format("{} never arrive", percent(lost))}});
    // The last known share holds to the edge of the picture.
    plots.push_back(
        fmt::format("'delay-cdf.csv' using 1:{} skip 1 with lines lw 2.4 dt {} lc rgb '{}'", i + 2,
                    dash(i), colour(i)));
  }
  script += sideLabels(labels, layout);
  script += fmt::format("plot {}\n", fmt::join(plots, ", \\\n     "));
  return {Figure{"delay-cdf", script, csv.text()}, {}};
}

}  // namespace callflow::plot
