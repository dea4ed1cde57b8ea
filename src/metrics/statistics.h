// Statistics over replications and windows.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "src/units/units.h"

namespace callflow::metrics {

// Arithmetic mean; NaN of nothing.
double mean(std::span<const double> values);

// Sample standard deviation (divisor n - 1); NaN of fewer than two values.
double standardDeviation(std::span<const double> values);

// Linear interpolation between order statistics at rank (n - 1) * share, ranks from 0 (type 7 of
// Hyndman and Fan, The American Statistician 50(4), 1996). `share` in 0..1. NaN of nothing. Values
// must not be NaN.
double percentile(std::span<const double> values, double share);
double percentileOfSorted(std::span<const double> sorted, double share);  // ascending

// The value that a Student-t variable with `degreesOfFreedom` (at least 1) stays below with
// `probability`.
double studentT(double degreesOfFreedom, double probability);

// A mean with its two-sided confidence interval by Student's t. With one value the bounds are NaN,
// with none all is.
struct Interval {
  double mean = 0;
  double low = 0;
  double high = 0;
  std::int64_t count = 0;
  // True if the whole interval is on one side of zero; false for NaN bounds.
  bool excludesZero() const { return low > 0 || high < 0; }
};

Interval meanInterval(std::span<const double> values, double confidence = 0.95);

// Of the differences b[i] - a[i]: for runs on common random numbers, where a[i] and b[i] come from
// the same seed. Pairs with a NaN are left out. std::invalid_argument if the lengths differ.
Interval pairedDifference(std::span<const double> a, std::span<const double> b,
                          double confidence = 0.95);

// Delays in bins of 0.1 ms, as in StreamRecord::delay_histogram: (bin, count), ascending by bin.
using DelayHistogram = std::vector<std::pair<std::int32_t, std::int64_t>>;
inline constexpr Duration kDelayBinWidth = Duration::us(100);

// Adds `from` to `into`.
void merge(DelayHistogram& into, const DelayHistogram& from);

// Nearest rank: the middle of the first bin at which at least `share` of all values is reached. Off
// by half a bin at most. Zero count: no value.
struct HistogramPercentile {
  Duration value;
  bool exists = false;
};
HistogramPercentile percentile(const DelayHistogram& histogram, double share);

}  // namespace callflow::metrics
