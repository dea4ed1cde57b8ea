// Where the delay comes from.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/results/csv.h"
#include "src/results/number.h"
#include "src/results/summary.h"

namespace callflow::plot {

namespace {

using metrics::DelayCause;

// In the order that a packet meets them; what belongs to one decision of an engineer goes together.
struct Part {
  std::string_view label;
  std::string_view fill;
  std::string_view text;  // colour of a number on it
  std::vector<DelayCause> causes;
};
const std::vector<Part>& parts() {
  static const std::vector<Part> kList = {
      {"codec", "#bbbbbb", "#000000", {DelayCause::packetization, DelayCause::lookahead}},
      {"waiting to be sent", "#CC79A7", "#000000", {DelayCause::sendWait}},
      {"propagation", "#0072B2", "#ffffff", {DelayCause::propagation}},
      {"serialization", "#444444", "#ffffff", {DelayCause::serialization}},
      {"link jitter", "#56B4E9", "#000000", {DelayCause::jitter}},
      {"queueing", "#E69F00", "#000000", {DelayCause::queueing}},
      {"processing", "#F0E442", "#000000", {DelayCause::processing}},
      {"retransmission", "#D55E00", "#ffffff", {DelayCause::retransmission}},
      {"held back by TCP", "#8C3D00", "#ffffff", {DelayCause::headOfLine}},
      {"jitter buffer", "#009E73", "#ffffff", {DelayCause::jitterBuffer}}};
  return kList;
}

double partOf(const results::ScopeSummary& scope, const Part& part) {
  double ms = 0;
  for (const results::BudgetSummary& b : scope.budget) {
    if (std::find(part.causes.begin(), part.causes.end(), b.cause) == part.causes.end()) continue;
    ms += b.sum.milliseconds() / static_cast<double>(b.played);
  }
  return ms;
}

struct Row {
  std::string variant;
  std::vector<double> parts;
  double total = 0;
};

std::string titleOf(const std::vector<Row>& rows) {
  const auto byTotal = [](const Row& a, const Row& b) { return a.total < b.total; };
  const Row& low = *std::min_element(rows.begin(), rows.end(), byTotal);
  const Row& high = *std::max_element(rows.begin(), rows.end(), byTotal);
  if (rows.size() == 1 || high.total - low.total < 1) {
    const auto largest = std::max_element(low.parts.begin(), low.parts.end()) - low.parts.begin();
    return fmt::format("{:.0f} ms from mouth to ear, mostly {}", low.total,
                       parts()[static_cast<std::size_t>(largest)].label);
  }
  std::size_t most = 0;
  for (std::size_t i = 0; i < parts().size(); ++i) {
    if (high.parts[i] - low.parts[i] > high.parts[most] - low.parts[most]) most = i;
  }
  return fmt::format("{}: {:.0f} ms more from mouth to ear than {}, mostly {}", high.variant,
                     high.total - low.total, low.variant, parts()[most].label);
}

}  // namespace

Drawn delayBudget(const results::Result& result) {
  results::CsvWriter csv({"series", "from[ms]", "to[ms]", "part", "cause", "element", "variant"});
  std::vector<Row> rows;
  for (const results::VariantSummary& v : results::summarize(result)) {
    const results::ScopeSummary& scope = v.pooled();
    if (scope.played == 0 || scope.budget.empty()) continue;
    Row row;
    row.variant = v.variant;
    // The data keep every element apart; the picture joins those of one cause.
    double at = 0;
    for (std::size_t p = 0; p < parts().size(); ++p) {
      for (const results::BudgetSummary& b : scope.budget) {
        const auto& causes = parts()[p].causes;
        if (std::find(causes.begin(), causes.end(), b.cause) == causes.end()) continue;
        const double ms = b.sum.milliseconds() / static_cast<double>(b.played);
        csv.row({std::to_string(rows.size()), results::numberText(at), results::numberText(at + ms),
                 std::to_string(p), std::string{metrics::name(b.cause)}, b.element, v.variant});
        at += ms;
      }
      row.parts.push_back(partOf(scope, parts()[p]));
    }
    row.total = at;
    rows.push_back(std::move(row));
  }
  if (rows.empty()) return {std::nullopt, "no frame was played"};

  constexpr std::size_t kMostRows = 12;
  const std::size_t shown = std::min(rows.size(), kMostRows);
  std::size_t name = 8;
  double widest = 0;
  for (std::size_t i = 0; i < shown; ++i) {
    name = std::max(name, rows[i].variant.size());
    widest = std::max(widest, rows[i].total);
  }
  Layout layout;
  layout.left = std::clamp(30 + 9 * static_cast<int>(name), 100, 240);
  std::vector<std::size_t> used;
  for (std::size_t p = 0; p < parts().size(); ++p) {
    for (std::size_t i = 0; i < shown; ++i) {
      // Whatever is drawn, if only half a pixel wide, is named.
      if (rows[i].parts[p] >= 0.001 * widest && (used.empty() || used.back() != p))
        used.push_back(p);
    }
  }
  layout.height =
      layout.top + layout.bottom +
      std::max({54 * static_cast<int>(shown), 22 * static_cast<int>(used.size()) + 10, 120});
  std::string script =
      prelude("delay-budget", layout, titleOf(rows),
              conditions(result, "Mean over the frames played, from capture to playout"));
  const double right = niceAbove(widest * 1.12);
  script += fmt::format(
      "set xrange [0:{}]\nset yrange [{}:-0.5]\nset border 1\nset grid noytics\nset xlabel "
      "'Delay (ms)'\nset ytics scale 0 (",
      decimal(right), decimal(static_cast<double>(shown) - 0.5));
  for (std::size_t i = 0; i < shown; ++i) {
    script +=
        fmt::format("{}{} {}", i == 0 ? "" : ", ", ticLiteral(shortened(rows[i].variant, 24)), i);
  }
  script += ")\n";
  const double plotWidth = layout.width - layout.left - layout.right;
  for (std::size_t i = 0; i < shown; ++i) {
    double at = 0;
    for (std::size_t p = 0; p < parts().size(); ++p) {
      const double ms = rows[i].parts[p];
      const std::string number = fmt::format("{:.0f}", ms);
      if (ms / right * plotWidth > 12.0 + 8.0 * static_cast<double>(number.size())) {
        script += fmt::format("set label '{}' at {},{} center font small_font tc rgb '{}' front\n",
                              number, decimal(at + ms / 2), i, parts()[p].text);
      }
      at += ms;
    }
    script += fmt::format("set label '{:.0f} ms' at {},{} left offset 0.8,0 font bold_font front\n",
                          rows[i].total, decimal(at), i);
  }
  // The key, in the order of the bars, beside them.
  const double x = 1 - double(layout.right - 24) / layout.width;
  for (std::size_t k = 0; k < used.size(); ++k) {
    const double y = 1 - (layout.top + 12.0 + 22.0 * static_cast<double>(k)) / layout.height;
    script += fmt::format(
        "set object rectangle from screen {},{} to screen {},{} fc rgb '{}' fs solid 1.0 noborder "
        "front\n"
        "set label {} at screen {},{} left tc rgb '#222222' front\n",
        decimal(x), decimal(y - 6.5 / layout.height), decimal(x + 13.0 / layout.width),
        decimal(y + 6.5 / layout.height), parts()[used[k]].fill, literal(parts()[used[k]].label),
        decimal(x + 22.0 / layout.width), decimal(y));
  }
  std::vector<std::string> plots;
  for (std::size_t p = 0; p < parts().size(); ++p) {
    plots.push_back(
        fmt::format("'delay-budget.csv' using 2:($4 == {0} && $1 < {1} ? $1 : NaN):2:3:($1 - "
                    "0.32):($1 + 0.32) skip 1 "
                    "with boxxyerror fs solid 1.0 noborder lc rgb '{2}'",
                    p, shown, parts()[p].fill));
  }
  script += fmt::format("plot {}\n", fmt::join(plots, ", \\\n     "));
  return {Figure{"delay-budget", script, csv.text()}, {}};
}

}  // namespace callflow::plot
