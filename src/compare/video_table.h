// The pictures and screens of a result's calls, at the end of `callflow run`.
#pragma once

#include <string>

#include "src/compare/table.h"
#include "src/metrics/metric.h"
#include "src/results/result.h"

namespace callflow::compare {

// Any of its streams has it.
bool hasMetric(const results::Result& result, metrics::MetricId id);

// A row for each variant, of the means over its streams of video; nothing where no call has any.
std::string videoText(const results::Result& result, const Layout& layout);
// The same of screens: DELAY is from a change to its being seen, DELAY p95 that of packets.
std::string screenText(const results::Result& result, const Layout& layout);

}  // namespace callflow::compare
