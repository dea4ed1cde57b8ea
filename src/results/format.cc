#include "src/results/format.h"

#include <fmt/format.h>

#include <cmath>

namespace callflow::results {

std::string plainText(const metrics::Metric& metric, double value, bool sign) {
  if (std::isnan(value)) return "-";
  std::string text = fmt::format("{:.{}f}", value * metric.scale, metric.decimals);
  const bool zero = text.find_first_not_of("-0.") == std::string::npos;
  if (zero && text.starts_with('-')) text.erase(0, 1);
  if (sign && !zero && !text.starts_with('-')) text.insert(0, 1, '+');
  return text;
}

std::string unitText(const metrics::Metric& metric) {
  for (const std::string_view unit : {"ms", "s", "%", "kbit/s", "fps", "px"})
    if (metric.unit == unit) return fmt::format(" {}", unit);
  return {};
}

std::string valueText(const metrics::Metric& metric, double value) {
  if (std::isnan(value)) return "-";
  return plainText(metric, value) + unitText(metric);
}

}  // namespace callflow::results
