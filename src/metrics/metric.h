// Every metric that callflow reports, declared once, in metric_rows.inc: name, unit, which way is
// better, how it pools, what differs enough to matter, what is possible, what it means.
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace callflow::metrics {

enum class Better { higher, lower, neither };

// How one value for several streams comes from theirs.
enum class Pooling { mean, sum, max };
std::string_view name(Pooling pooling);

// Order is the order in tables and files.
enum class MetricId {
#define METRIC(medium, id, unit, better, decimals, pooling, margin, range, help, source) \
  medium##_##id,
#include "src/metrics/metric_rows.inc"
#undef METRIC
  count_  // number of metrics, not a metric
};
inline constexpr std::size_t kMetricCount = static_cast<std::size_t>(MetricId::count_);

// The smallest difference that matters: the larger of both parts.
struct Margin {
  double least = 0;  // in the unit that the metric is written in
  double share = 0;  // of the value that another is compared with
  std::string_view source;
};

// What values are possible, in the unit that the metric is written in.
struct Range {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
};

struct Metric {
  MetricId id;
  std::string_view medium;  // whose streams have it: "audio"
  std::string_view name;    // "audio.mos": what users write in `expect:` and read in summary.csv
  std::string_view unit;    // as written to files and shown: "MOS", "ms", "%", "packets", ""
  double scale;             // written value = value in base units (s, ratio) * scale
  Better better;
  int decimals;  // in tables
  Pooling pooling;
  Margin margin;
  Range range;
  std::string_view help;    // one sentence
  std::string_view source;  // RFC, ITU or W3C section, or "ours"
};

const Metric& metric(MetricId id);
std::span<const Metric> allMetrics();
std::optional<MetricId> metricNamed(std::string_view name);

// How far from `value` (in base units) another must be for the difference to matter, in base units.
double smallestDifference(const Metric& metric, const Margin& margin, double value);
// "0.05 MOS", "5 ms or 5 %, whichever is more"
std::string marginText(const Metric& metric, const Margin& margin);

// One value per metric, in base units; NaN where a metric does not apply.
class Values {
 public:
  Values();  // all NaN
  double& operator[](MetricId id) { return values_[static_cast<std::size_t>(id)]; }
  double operator[](MetricId id) const { return values_[static_cast<std::size_t>(id)]; }

 private:
  std::array<double, kMetricCount> values_;
};

}  // namespace callflow::metrics
