#include "src/metrics/metric.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace callflow::metrics {
namespace {

// The margins are ours where no source stands: what a reader of the tables would shrug at.
constexpr Margin kMosMargin{0.05, 0, "ours: half of the first decimal, in which opinion is told"};
// dMOS/dR is at most 0.0527 on the narrowband scale (G.107 B-4, at R = 53) and 1.48 times less on
// the fullband scale (G.107.2), so that 0.05 MOS are at least 1.4 R.
constexpr Margin kRMargin{1.4, 0, "0.05 MOS where it changes fastest with R, ITU-T G.107 B-4"};
constexpr Margin kBurstRatioMargin{0.05, 0.05, "ours"};
constexpr Margin kRatioMargin{0.2, 0, "ours"};
constexpr Margin kReorderingMargin{0.05, 0, "Microsoft: network targets, the target itself"};
constexpr Margin kDelayMargin{5, 0.05, "ours"};
constexpr Margin kJitterMargin{1, 0.05, "ours"};
constexpr Margin kGapMargin{20, 0.05, "ours: one packet of the usual length"};
constexpr Margin kEventMargin{0.5, 0.05, "ours"};
constexpr Margin kVerdictMargin{0.1, 0, "ours"};
constexpr Margin kVideoRateMargin{10, 0.05, "ours"};
constexpr Margin kFrameRateMargin{1, 0.05, "ours"};
constexpr Margin kHeightMargin{1, 0, "ours: any other size"};
constexpr Margin kQuantizerMargin{2, 0.05, "ours"};
constexpr Margin kCountMargin{1, 0.05, "ours"};

constexpr Range kMosRange{1, 4.5};     // ITU-T G.107 B-4
constexpr Range kRRange{.most = 148};  // ITU-T G.107.2; may fall below 0
constexpr Range kVideoMosRange{1, 5};  // ITU-T G.1070
constexpr Range kShares{0, 100};
constexpr Range kNotNegative{.least = 0};
constexpr Range kSixTargets{0, 6};
constexpr Range kAnything{};

constexpr std::string_view kTargetsSource =
    "Microsoft: Media Quality and Network Connectivity Performance";

// Times are kept in s and written in ms, rates in bit/s and written in kbit/s, ratios kept as such
// and written in percent.
constexpr double scaleOf(std::string_view unit) {
  if (unit == "ms") return 1000;
  if (unit == "kbit/s") return 0.001;
  return unit == "%" ? 100 : 1;
}

constexpr std::array<Metric, kMetricCount> kTable{{
#define METRIC(medium, id, unit, better, decimals, pooling, margin, range, help, source) \
  {                                                                                      \
      MetricId::medium##_##id,                                                           \
      #medium,                                                                           \
      #medium "." #id,                                                                   \
      unit,                                                                              \
      scaleOf(unit),                                                                     \
      Better::better,                                                                    \
      decimals,                                                                          \
      Pooling::pooling,                                                                  \
      margin,                                                                            \
      range,                                                                             \
      help,                                                                              \
      source},
#include "src/metrics/metric_rows.inc"
#undef METRIC
}};

}  // namespace

std::string_view name(Pooling pooling) {
  switch (pooling) {
    case Pooling::sum:
      return "sum";
    case Pooling::max:
      return "max";
    case Pooling::mean:
      break;
  }
  return "mean";
}

const Metric& metric(MetricId id) {
  return kTable[static_cast<std::size_t>(id)];
}

std::span<const Metric> allMetrics() {
  return kTable;
}

std::optional<MetricId> metricNamed(std::string_view name) {
  for (const Metric& row : kTable) {
    if (row.name == name) return row.id;
  }
  return std::nullopt;
}

double smallestDifference(const Metric& metric, const Margin& margin, double value) {
  return std::max(margin.least / metric.scale, margin.share * std::abs(value));
}

std::string marginText(const Metric& metric, const Margin& margin) {
  std::string text = fmt::format("{:g}", margin.least);
  if (metric.unit == "%") {
    text += " points";
  } else if (!metric.unit.empty()) {
    text += fmt::format(" {}", metric.unit);
  }
  return margin.share > 0 ? fmt::format("{} or {:g} %, whichever is more", text, margin.share * 100)
                          : text;
}

Values::Values() {
  values_.fill(std::numeric_limits<double>::quiet_NaN());
}

}  // namespace callflow::metrics
