#include "src/sim/pooled_sound.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "models/receiver/stream_meter.h"

namespace callflow::sim {

namespace {

using metrics::MetricId;
using metrics::StreamRecord;

constexpr double kBin = 1e-4;  // s, of delay histograms

bool same(const metrics::Exceeded& a, const metrics::Exceeded& b) {
  return a.rule == b.rule;
}
void take(const metrics::Exceeded& one, metrics::Exceeded& known) {
  if (one.value > known.value) known = one;
}

bool same(const metrics::TargetVerdict& a, const metrics::TargetVerdict& b) {
  return a.target == b.target && a.window == b.window;
}
void take(const metrics::TargetVerdict& one, metrics::TargetVerdict& known) {
  known.windows += one.windows;
  known.missed += one.missed;
  known.packets += one.packets;
  known.worst = std::fmax(known.worst, one.worst);
}

bool same(const metrics::BudgetPart& a, const metrics::BudgetPart& b) {
  return a.cause == b.cause && a.element == b.element;
}
void take(const metrics::BudgetPart& one, metrics::BudgetPart& known) {
  known.sum += one.sum;
}

template <typename Figure>
void merge(const std::vector<Figure>& of, std::vector<Figure>& all) {
  for (const Figure& one : of) {
    const auto known =
        std::find_if(all.begin(), all.end(), [&](const Figure& each) { return same(each, one); });
    if (known == all.end())
      all.push_back(one);
    else
      take(one, *known);
  }
}

// Nearest rank; of a bin its middle.
double percentile(const std::map<std::int32_t, std::int64_t>& bins, double share) {
  std::int64_t all = 0, seen = 0;
  for (const auto& [bin, count] : bins) all += count;
  for (const auto& [bin, count] : bins) {
    seen += count;
    if (static_cast<double>(seen) >= share * static_cast<double>(all)) return (bin + 0.5) * kBin;
  }
  return std::nan("");
}

}  // namespace

void PooledSound::Pool::add(const metrics::Values& of) {
  const double packets = of[MetricId::audio_packets_sent];
  const double weight = packets > 0 ? packets : 0;
  for (const metrics::Metric& metric : metrics::allMetrics()) {
    const double value = of[metric.id];
    if (std::isnan(value)) continue;
    double& pooled = values[metric.id];
    const bool first = std::isnan(pooled);
    switch (metric.pooling) {
      case metrics::Pooling::sum:
        pooled = first ? value : pooled + value;
        break;
      case metrics::Pooling::max:
        pooled = first ? value : std::max(pooled, value);
        break;
      case metrics::Pooling::mean: {
        if (weight == 0) break;
        double& before = weights[static_cast<std::size_t>(metric.id)];
        pooled = first ? value : (pooled * before + value * weight) / (before + weight);
        before += weight;
        break;
      }
    }
  }
}

void PooledSound::add(const StreamRecord& stream, Duration since) {
  totals_.add(stream.totals);
  // A stream's windows begin with its first packet.
  const Duration length = receiver::MeterConfig{}.window;
  for (const metrics::Window& window : stream.windows) {
    const Duration start = std::max(since, Duration{}) + window.start + length / 2;
    windows_[start.count() / length.count()].add(window.values);
  }
  for (const auto& [bin, count] : stream.delayHistogram) delays_[bin] += count;
  merge(stream.budget, all_.budget);
  merge(stream.targets, all_.targets);
  merge(stream.poorByDashboard, all_.poorByDashboard);
  merge(stream.poorByInsights, all_.poorByInsights);
  merge(stream.poorByDiagnostics, all_.poorByDiagnostics);
  for (const std::string& flag : stream.outOfRange)
    if (std::find(all_.outOfRange.begin(), all_.outOfRange.end(), flag) == all_.outOfRange.end())
      all_.outOfRange.push_back(flag);
  all_.played += stream.played;
  all_.totalDelay += stream.totalDelay;
}

void PooledSound::fill(StreamRecord& record) const {
  record.totals = totals_.values;
  if (!delays_.empty()) {
    record.totals[MetricId::audio_one_way_delay_p50] = percentile(delays_, 0.5);
    record.totals[MetricId::audio_one_way_delay_p95] = percentile(delays_, 0.95);
    record.totals[MetricId::audio_one_way_delay_p99] = percentile(delays_, 0.99);
  }
  const Duration length = receiver::MeterConfig{}.window;
  for (const auto& [number, pool] : windows_)
    record.windows.push_back({length * number, pool.values});
  record.delayHistogram.assign(delays_.begin(), delays_.end());
  record.budget = all_.budget;
  record.targets = all_.targets;
  record.poorByDashboard = all_.poorByDashboard;
  record.poorByInsights = all_.poorByInsights;
  record.poorByDiagnostics = all_.poorByDiagnostics;
  record.outOfRange = all_.outOfRange;
  record.played = all_.played;
  record.totalDelay = all_.totalDelay;
}

}  // namespace callflow::sim
