#include "validation/bars.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "src/metrics/statistics.h"

namespace callflow::validation {
namespace {

// Of the difference between the two means, if both sides scatter as the simulated seeds do.
double standardError(const Pooled& measured, const Pooled& simulated, Column column) {
  std::vector<double> values;
  for (const Values& seed : simulated.seeds) {
    if (!std::isnan(seed[column])) values.push_back(seed[column]);
  }
  const double deviation = metrics::standardDeviation(values);
  // Seeds of an experiment without chance differ by rounding only.
  constexpr double rounding = 1e-6;
  return (deviation < rounding ? 0 : deviation) *
         std::sqrt(1.0 / static_cast<double>(measured.seeds.size()) +
                   1.0 / static_cast<double>(values.size()));
}

}  // namespace

std::vector<Bar> barsFor(const Condition& condition) {
  if (!condition.isTcp()) return {};
  if (condition.isVideo()) {
    return {
        {Column::delay_mean, 0.15, 0}, {Column::delay_p95, 0.15, 0}, {Column::delay_p99, 0.15, 0}};
  }
  std::vector<Bar> bars;
  for (const Column column :
       {Column::delay_mean, Column::delay_p90, Column::delay_p95, Column::delay_p99}) {
    bars.push_back({column, 0.10, 5});
  }
  for (const Column column : {Column::late40, Column::late60, Column::late100, Column::late200}) {
    bars.push_back({column, 0.10, 0.005});
  }
  bars.push_back({Column::stalls_per_min, 0.10, 0});
  bars.push_back({Column::stall_p50, 0.10, 5});
  bars.push_back({Column::stall_p90, 0.10, 5});
  for (const Column column : {Column::mix_fast, Column::mix_tlp, Column::mix_rto,
                              Column::fast_per_loss, Column::tlp_per_loss, Column::rto_per_loss}) {
    bars.push_back({column, 0, 0.10});
  }
  return bars;
}

double Verdict::excess() const {
  const double difference = std::abs(simulated - measured);
  if (allowed == 0) return difference == 0 ? -1 : std::numeric_limits<double>::infinity();
  return difference / allowed - 1;
}

std::vector<Verdict> judge(const Pooled& measured, const Pooled& simulated) {
  std::vector<Verdict> verdicts;
  for (const Bar& bar : barsFor(measured.condition)) {
    Verdict verdict;
    verdict.bar = bar;
    verdict.measured = measured.mean[bar.column];
    verdict.half = measured.half[bar.column];
    verdict.simulated = simulated.typical[bar.column];
    verdict.allowed = std::max(bar.relative * std::abs(verdict.measured), bar.absolute);
    if (verdict.half > verdict.allowed) verdict.allowed = verdict.half;
    const bool neither = std::isnan(verdict.measured) && std::isnan(verdict.simulated);
    // A hair for rounding: the measured values have three digits.
    constexpr double hair = 1e-9;
    verdict.met =
        neither || std::abs(verdict.simulated - verdict.measured) <= verdict.allowed + hair;
    verdict.sigmas = std::abs(verdict.simulated - verdict.measured) /
                     standardError(measured, simulated, bar.column);
    verdicts.push_back(verdict);
  }
  return verdicts;
}

}  // namespace callflow::validation
