// What did not arrive, what arrived too late, and what the listener was made to hear in its place.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/results/csv.h"
#include "src/results/number.h"
#include "src/results/summary.h"

namespace callflow::plot {

namespace {

using metrics::MetricId;

struct Bar {
  MetricId metric;
  std::string_view label;
  std::string_view fill;
};
constexpr std::array<Bar, 3> kBars = {{{MetricId::lost_ratio, "lost", "#D55E00"},
                                       {MetricId::discarded_ratio, "too late", "#E69F00"},
                                       {MetricId::concealed_ratio, "concealed", "#0072B2"}}};

std::string percent(double ratio) {
  const double value = ratio * 100;
  return fmt::format("{:.{}f}", value, value < 10 ? 2 : 1);
}

std::string titleOf(const std::vector<std::pair<std::string, double>>& concealed) {
  const auto byShare = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto low = std::min_element(concealed.begin(), concealed.end(), byShare);
  const auto high = std::max_element(concealed.begin(), concealed.end(), byShare);
  if (concealed.size() == 1)
    return fmt::format("{} % of the sound is concealed", percent(low->second));
  if (high->second - low->second < 0.0005) {
    return fmt::format("{} % of the sound is concealed in every variant", percent(high->second));
  }
  return fmt::format("{} % of the sound is concealed with {}, {} % with {}", percent(high->second),
                     high->first, percent(low->second), low->first);
}

}  // namespace

Drawn lossBars(const results::Result& result) {
  results::CsvWriter csv({"series", "bar", "y", "mean[%]", "ci95_low[%]", "ci95_high[%]", "runs",
                          "metric", "variant"});
  std::vector<std::pair<std::string, double>> concealed;
  std::string text;
  double widest = 0;
  std::size_t groups = 0;
  bool intervals = false;
  constexpr double kGroupHeight = 4.4;  // of three bars of 1, a heading and a gap
  constexpr std::size_t kMostGroups = 8;
  for (const results::VariantSummary& v : results::summarize(result)) {
    const results::MetricSummary* share = find(v.pooled(), MetricId::concealed_ratio);
    if (share == nullptr) continue;
    concealed.emplace_back(v.variant, share->mean);
    const double top = kGroupHeight * static_cast<double>(groups);
    if (groups < kMostGroups) {
      text += fmt::format("set label {} at graph 0,first {} left font bold_font front\n",
                          literal(shortened(v.variant, 60)), decimal(top + 0.45));
    }
    for (std::size_t b = 0; b < kBars.size(); ++b) {
      const results::MetricSummary* row = find(v.pooled(), kBars[b].metric);
      if (row == nullptr) continue;
      const double y = top + 1.4 + static_cast<double>(b);
      const bool interval = !std::isnan(row->ciLow);
      intervals = intervals || interval;
      csv.row({std::to_string(groups), std::to_string(b), results::numberText(y),
               results::numberText(row->mean * 100), results::numberText(row->ciLow * 100),
               results::numberText(row->ciHigh * 100), std::to_string(row->n),
               std::string{metrics::metric(row->metric).name}, v.variant});
      if (groups >= kMostGroups) continue;
      const double end = interval ? std::max(row->mean, row->ciHigh) : row->mean;
      widest = std::max(widest, end * 100);
      std::string value = percent(row->mean) + " %";
      if (interval && row->ciHigh > row->ciLow) {
        value +=
            fmt::format("  [{}, {}]", percent(std::max(row->ciLow, 0.0)), percent(row->ciHigh));
      }
      text += fmt::format(
          "set label {} at graph 0,first {} offset -1,0 right tc rgb '#222222' front\n"
          "set label {} at first {},{} offset 0.8,0 left font small_font tc rgb '#222222' front\n",
          literal(kBars[b].label), decimal(y), literal(value), decimal(end * 100), decimal(y));
    }
    ++groups;
  }
  if (groups == 0) return {std::nullopt, "no packet was sent"};

  const auto shown = std::min(groups, kMostGroups);
  Layout layout;
  layout.left = 110;
  layout.right = 170;
  layout.height =
      layout.top + layout.bottom + static_cast<int>(26 * kGroupHeight * static_cast<double>(shown));
  std::string script = prelude(
      "loss", layout, titleOf(concealed),
      conditions(result, intervals ? "Packets lost or too late, sound concealed; 95 % intervals"
                                   : "Packets lost or too late, sound concealed"));
  script += fmt::format(
      "set xrange [0:{}]\nset yrange [{}:-0.2]\nunset ytics\nset grid noytics\nset border 1\n"
      "set xlabel 'Share (%)'\n",
      decimal(niceAbove(std::max(widest, 0.1))),
      decimal(kGroupHeight * static_cast<double>(shown)));
  script += text;
  std::vector<std::string> plots;
  for (std::size_t b = 0; b < kBars.size(); ++b) {
    plots.push_back(fmt::format(
        "'loss.csv' using (0):($2 == {0} && $1 < {1} ? $3 : NaN):(0):4:($3 - 0.4):($3 + "
        "0.4) skip 1 with boxxyerror fs solid 1.0 noborder lc rgb '{2}'",
        b, shown, kBars[b].fill));
  }
  plots.push_back(
      fmt::format("'loss.csv' using 4:($1 < {} ? $3 : NaN):5:6 skip 1 with xerrorbars pt -1 lw "
                  "1.2 lc rgb '#222222'",
                  shown));
  script += fmt::format("plot {}\n", fmt::join(plots, ", \\\n     "));
  return {Figure{"loss", script, csv.text()}, {}};
}

}  // namespace callflow::plot
