#include "src/plot/loss/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "src/plot/figure.h"
#include "src/results/csv.h"
#include "src/results/number.h"
#include "src/results/summary.h"

namespace callflow::plot::loss {

namespace {

using metrics::MetricId;

struct Kind {
  MetricId metric;
  std::string_view label, fill;
};
constexpr std::array<Kind, 3> kKinds = {
    {{MetricId::audio_lost_ratio, "lost", "#D55E00"},
     {MetricId::audio_discarded_ratio, "too late", "#E69F00"},
     {MetricId::audio_concealed_ratio, "concealed", "#0072B2"}}};

using Shares = std::vector<std::pair<std::string, double>>;  // of variants

std::string titleOf(const Shares& concealed) {
  const auto byShare = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto low = std::min_element(concealed.begin(), concealed.end(), byShare);
  const auto high = std::max_element(concealed.begin(), concealed.end(), byShare);
  if (high->second == 0) return "None of the sound is concealed";
  if (concealed.size() == 1)
    return fmt::format("{} % of the sound is concealed", percentText(low->second));
  if (high->second - low->second < 0.05) {
    return fmt::format("{} % of the sound is concealed in every variant",
                       percentText(high->second));
  }
  return fmt::format("{} % of the sound is concealed with {}, {} % with {}",
                     percentText(high->second), high->first, percentText(low->second), low->first);
}

}  // namespace

std::string percentText(double percent) {
  return fmt::format("{:.{}f}", percent, percent < 10 ? 2 : 1);
}

Found<Data> dataOf(const results::Result& result) {
  results::CsvWriter csv({"series", "bar", "y", "mean[%]", "ci95_low[%]", "ci95_high[%]", "runs",
                          "metric", "variant"});
  Data data;
  Shares concealed;
  bool intervals = false;
  for (const results::VariantSummary& v : results::summarize(result)) {
    const results::MetricSummary* share = find(v.pooled(), MetricId::audio_concealed_ratio);
    if (share == nullptr) continue;
    concealed.emplace_back(v.variant, share->mean * 100);
    Group group{v.variant, {}};
    for (std::size_t k = 0; k < kKinds.size(); ++k) {
      const results::MetricSummary* row = find(v.pooled(), kKinds[k].metric);
      if (row == nullptr) continue;
      const Bar bar{kKinds[k].label, kKinds[k].fill, row->mean * 100, row->ciLow * 100,
                    row->ciHigh * 100};
      intervals = intervals || !std::isnan(bar.low);
      const double y = kGroupHeight * static_cast<double>(data.groups.size()) + kFirstBar +
                       static_cast<double>(k);
      csv.row({std::to_string(data.groups.size()), std::to_string(k), results::numberText(y),
               results::numberText(bar.mean), results::numberText(bar.low),
               results::numberText(bar.high), std::to_string(row->n),
               std::string{metrics::metric(row->metric).name}, v.variant});
      group.bars.push_back(bar);
    }
    data.groups.push_back(std::move(group));
  }
  if (data.groups.empty()) return {std::nullopt, "no packet was sent"};
  data.title = titleOf(concealed);
  data.subtitle =
      conditions(result, intervals ? "Packets lost or too late, sound concealed; 95 % intervals"
                                   : "Packets lost or too late, sound concealed");
  data.table = csv.text();
  return {std::move(data), {}};
}

}  // namespace callflow::plot::loss
