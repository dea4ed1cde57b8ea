#include "src/metrics/statistics.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace callflow::metrics {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

double mean(std::span<const double> values) {
  if (values.empty()) return kNan;
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double standardDeviation(std::span<const double> values) {
  if (values.size() < 2) return kNan;
  const double center = mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - center) * (value - center);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

double percentile(std::span<const double> values, double share) {
  if (values.empty()) return kNan;
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  return percentileOfSorted(sorted, share);
}

double percentileOfSorted(std::span<const double> sorted, double share) {
  if (sorted.empty()) return kNan;
  const double rank = static_cast<double>(sorted.size() - 1) * std::clamp(share, 0.0, 1.0);
  const auto below = static_cast<std::size_t>(rank);
  if (below + 1 >= sorted.size()) return sorted.back();
  // Not a weighted sum: equal neighbours must give exactly their value.
  return sorted[below] + (sorted[below + 1] - sorted[below]) * (rank - static_cast<double>(below));
}

double studentT(double degreesOfFreedom, double probability) {
  return boost::math::quantile(boost::math::students_t{degreesOfFreedom}, probability);
}

Interval meanInterval(std::span<const double> values, double confidence) {
  Interval out{mean(values), kNan, kNan, static_cast<std::int64_t>(values.size())};
  if (values.size() < 2) return out;
  const auto n = static_cast<double>(values.size());
  const double half =
      studentT(n - 1, (1 + confidence) / 2) * standardDeviation(values) / std::sqrt(n);
  out.low = out.mean - half;
  out.high = out.mean + half;
  return out;
}

Interval pairedDifference(std::span<const double> a, std::span<const double> b, double confidence) {
  if (a.size() != b.size()) {
    throw std::invalid_argument("pairedDifference: the two lists differ in length");
  }
  std::vector<double> differences;
  differences.reserve(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!std::isnan(a[i]) && !std::isnan(b[i])) differences.push_back(b[i] - a[i]);
  }
  return meanInterval(differences, confidence);
}

void merge(DelayHistogram& into, const DelayHistogram& from) {
  DelayHistogram merged;
  merged.reserve(into.size() + from.size());
  auto a = into.cbegin();
  auto b = from.cbegin();
  while (a != into.cend() || b != from.cend()) {
    if (b == from.cend() || (a != into.cend() && a->first < b->first)) {
      merged.push_back(*a++);
    } else if (a == into.cend() || b->first < a->first) {
      merged.push_back(*b++);
    } else {
      merged.emplace_back(a->first, a->second + b->second);
      ++a;
      ++b;
    }
  }
  into = std::move(merged);
}

HistogramPercentile percentile(const DelayHistogram& histogram, double share) {
  std::int64_t total = 0;
  for (const auto& [bin, count] : histogram) total += count;
  if (total == 0) return {};
  // The millionth keeps 0.07 * 100 = 7.000000000000001 at rank 7.
  const auto rank = static_cast<std::int64_t>(
      std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(total) - 1e-6));
  std::int64_t reached = 0;
  std::int32_t found = histogram.back().first;
  for (const auto& [bin, count] : histogram) {
    reached += count;
    if (count > 0 && reached >= rank) {
      found = bin;
      break;
    }
  }
  return {kDelayBinWidth * found + kDelayBinWidth / 2, true};
}

}  // namespace callflow::metrics
