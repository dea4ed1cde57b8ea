#include "src/plot/delay_cdf/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "src/plot/figure.h"
#include "src/results/csv.h"
#include "src/results/number.h"

namespace callflow::plot::delay_cdf {

namespace {

using metrics::MetricId;

constexpr int kPointsPerCurve = 1000;

Curve curveOf(const results::Result& result, const std::string& variant) {
  Curve curve;
  curve.variant = variant;
  for (const metrics::RunRecord* run : recordsOf(result, variant)) {
    for (const metrics::StreamRecord& s : run->streams) {
      // Packets of video wait for each other in the sender's pacer: another distribution.
      if (!isSound(s)) continue;
      std::int64_t here = 0;
      for (const auto& [bin, frames] : s.delayHistogram) {
        curve.bins[bin] += frames;
        here += frames;
      }
      curve.received += here;
      const double lost = s.totals[MetricId::audio_packets_lost];
      curve.sent += here + (std::isnan(lost) ? 0 : std::llround(lost));
    }
  }
  return curve;
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
  const std::string subject = fmt::format("{:g} % of packets", share * 100);
  if (delay(best) == 1e300) return fmt::format("{} never arrive", subject);
  const std::string first =
      fmt::format("{} arrive within {}", subject, millisecondsText(best.within(share)));
  const auto lossier = [](const Curve& a, const Curve& b) { return a.lostShare() < b.lostShare(); };
  const Curve& lossiest = *std::max_element(curves.begin(), curves.end(), lossier);
  const double lostMore =
      lossiest.lostShare() - std::min_element(curves.begin(), curves.end(), lossier)->lostShare();
  if (delay(worst) - delay(best) < std::max(1.0, 0.1 * delay(best))) {
    if (lostMore < 0.001) return first;
    return fmt::format("{}; {} never do with {}", first, percentText(lossiest.lostShare()),
                       lossiest.variant);
  }
  return fmt::format("{} with {}, {} with {}", first, best.variant,
                     millisecondsText(worst.within(share)), worst.variant);
}

// One table of all curves over the delays where one of them bends.
std::string tableOf(const std::vector<Curve>& curves) {
  std::set<std::int32_t> edges;
  for (const Curve& c : curves) {
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
    std::vector<std::string> row = {results::numberText(edge * kHistogramBin)};
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
  return csv.text();
}

}  // namespace

std::string percentText(double share) {
  const double value = share * 100;
  return fmt::format("{:.{}f} %", value, value != 0 && std::abs(value) < 10 ? 1 : 0);
}

std::string millisecondsText(double value) {
  return std::isnan(value) ? "never" : fmt::format("{:.0f} ms", value);
}

Found<Data> dataOf(const results::Result& result) {
  Data data;
  std::vector<Curve>& curves = data.curves;
  for (const std::string& variant : variantsWithRuns(result)) {
    Curve curve = curveOf(result, variant);
    if (curve.received > 0) curves.push_back(std::move(curve));
  }
  if (curves.empty()) return {std::nullopt, "no packet arrived"};

  data.low = 1e300;
  for (const Curve& c : curves) {
    data.low = std::min(data.low, c.bins.begin()->first * kHistogramBin);
    // The last thousandth of what came would take most of the axis.
    data.high = std::max(
        data.high, c.within(0.999 * static_cast<double>(c.received) / static_cast<double>(c.sent)));
  }
  std::int64_t packets = 0;
  for (const Curve& c : curves) packets += c.sent;
  data.share = tellingShare(curves);
  data.floor = shareFloor(curves);
  data.title = titleOf(curves, data.share);
  data.subtitle = conditions(result, fmt::format("One-way delay, {}", count(packets, "packet")));
  data.table = tableOf(curves);
  return {std::move(data), {}};
}

}  // namespace callflow::plot::delay_cdf
