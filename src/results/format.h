// Values of metrics as people read them in tables and on plots.
#pragma once

#include <string>

#include "src/metrics/metric.h"

namespace callflow::results {

// `value` in base units: "4.02", "58 ms", "1.1 %"; "-" for NaN.
std::string valueText(const metrics::Metric& metric, double value);
// The number alone, in the metric's unit; with a sign if `sign` ("+0.91", "-0.91", "0.00").
std::string plainText(const metrics::Metric& metric, double value, bool sign = false);
// " ms", " %", or nothing where the number speaks for itself.
std::string unitText(const metrics::Metric& metric);

}  // namespace callflow::results
