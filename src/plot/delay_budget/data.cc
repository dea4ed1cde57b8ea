#include "src/plot/delay_budget/data.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/plot/figure.h"
#include "src/results/csv.h"
#include "src/results/number.h"
#include "src/results/summary.h"

namespace callflow::plot::delay_budget {

namespace {

using metrics::DelayCause;

double partOf(const results::ScopeSummary& scope, const Part& part) {
  double ms = 0;
  for (const results::BudgetSummary& b : scope.budget) {
    if (std::find(part.causes.begin(), part.causes.end(), b.cause) == part.causes.end()) continue;
    ms += b.sum.milliseconds() / static_cast<double>(b.played);
  }
  return ms;
}

std::size_t largestOf(const std::vector<double>& parts) {
  return static_cast<std::size_t>(std::max_element(parts.begin(), parts.end()) - parts.begin());
}

// "mostly queueing", of half of it and more; else what is most of it.
std::string madeOf(const std::vector<double>& parts, double total) {
  const std::size_t largest = largestOf(parts);
  return fmt::format("{} {}", parts[largest] * 2 >= total ? "mostly" : "above all",
                     delay_budget::parts()[largest].label);
}

std::string titleOf(const std::vector<Row>& rows) {
  const auto byTotal = [](const Row& a, const Row& b) { return a.total < b.total; };
  const Row& low = *std::min_element(rows.begin(), rows.end(), byTotal);
  const Row& high = *std::max_element(rows.begin(), rows.end(), byTotal);
  if (rows.size() == 1) {
    return fmt::format("{:.0f} ms from mouth to ear, {}", low.total, madeOf(low.parts, low.total));
  }
  if (high.total - low.total < 1)
    return fmt::format("{:.0f} ms from mouth to ear in every variant", low.total);
  std::vector<double> more;
  for (std::size_t i = 0; i < parts().size(); ++i) more.push_back(high.parts[i] - low.parts[i]);
  return fmt::format("{}: {:.0f} ms more from mouth to ear than {}, {}", high.variant,
                     high.total - low.total, low.variant, madeOf(more, high.total - low.total));
}

}  // namespace

const std::vector<Part>& parts() {
  static const std::vector<Part> kList = {
      {"codec", "#bbbbbb", "#000000", {DelayCause::packetization, DelayCause::lookahead}},
      {"waiting to be sent", "#CC79A7", "#000000", {DelayCause::sendWait}},
      {"propagation", "#0072B2", "#ffffff", {DelayCause::propagation}},
      {"serialization", "#444444", "#ffffff", {DelayCause::serialization}},
      {"link jitter", "#56B4E9", "#000000", {DelayCause::jitter}},
      {"queueing", "#E69F00", "#000000", {DelayCause::queueing}},
      {"processing", "#F0E442", "#000000", {DelayCause::processing}},
      {"repair of losses", "#D55E00", "#ffffff", {DelayCause::retransmission}},
      {"held back by TCP", "#8C3D00", "#ffffff", {DelayCause::headOfLine}},
      {"jitter buffer", "#009E73", "#ffffff", {DelayCause::jitterBuffer}}};
  return kList;
}

Found<Data> dataOf(const results::Result& result) {
  results::CsvWriter csv({"series", "from[ms]", "to[ms]", "part", "cause", "element", "variant"});
  Data data;
  std::vector<Row>& rows = data.rows;
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
  data.title = titleOf(rows);
  data.subtitle = conditions(result, "Mean over the frames played, from capture to playout");
  data.table = csv.text();
  return {std::move(data), {}};
}

}  // namespace callflow::plot::delay_budget
