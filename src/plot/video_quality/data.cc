#include "src/plot/video_quality/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "src/plot/figure.h"
#include "src/results/collect.h"
#include "src/results/csv.h"
#include "src/results/number.h"

namespace callflow::plot::video_quality {

namespace {

using metrics::Interval;
using metrics::MetricId;

// An interval is that of a mean that cannot leave the scale.
Interval scoreOf(const results::Result& result, const std::string& variant, MetricId id,
                 double best) {
  Interval score = metrics::meanInterval(results::runValues(recordsOf(result, variant), {}, id));
  if (!std::isnan(score.low)) {
    score.low = std::clamp(score.low, kWorst, best);
    score.high = std::clamp(score.high, kWorst, best);
  }
  return score;
}

// b - a, where both have a value; runs on the same random numbers are compared in pairs.
bool differs(const results::Result& result, const Row& a, const Row& b) {
  std::vector<double> valuesA, valuesB;
  for (const metrics::RunRecord* x : recordsOf(result, a.variant)) {
    for (const metrics::RunRecord* y : recordsOf(result, b.variant)) {
      if (x->replication != y->replication || x->seed != y->seed) continue;
      valuesA.push_back(results::runValue(*x, {}, MetricId::video_vq));
      valuesB.push_back(results::runValue(*y, {}, MetricId::video_vq));
    }
  }
  const Interval gain = metrics::pairedDifference(valuesA, valuesB);
  return gain.count < 2 || gain.excludesZero();
}

std::string titleOf(const results::Result& result, const std::vector<Row>& all) {
  std::vector<Row> rows = all;
  std::erase_if(rows, [](const Row& row) { return row.vq.count == 0; });
  const auto byVq = [](const Row& a, const Row& b) { return a.vq.mean < b.vq.mean; };
  const Row& low = *std::min_element(rows.begin(), rows.end(), byVq);
  const Row& high = *std::max_element(rows.begin(), rows.end(), byVq);
  if (rows.size() == 1)
    return fmt::format("The picture scores {:.2f}, the sound {:.2f}", low.vq.mean, low.mos.mean);
  if (!differs(result, low, high))
    return fmt::format("No difference in pictures detected: {:.2f} with {}, {:.2f} with {}",
                       high.vq.mean, high.variant, low.vq.mean, low.variant);
  if (high.vq.mean - low.vq.mean < metrics::metric(MetricId::video_vq).margin.least)
    return fmt::format("No difference in pictures that matters: {:.2f} to {:.2f}", low.vq.mean,
                       high.vq.mean);
  return fmt::format("The picture is best with {} ({:.2f}), worst with {} ({:.2f})", high.variant,
                     high.vq.mean, low.variant, low.vq.mean);
}

}  // namespace

Found<Data> dataOf(const results::Result& result) {
  Data data;
  bool any = false, intervals = false;
  results::CsvWriter csv({"row", "mos", "mos_low", "mos_high", "vq", "vq_low", "vq_high",
                          "vq_freeze_strict", "vq_freeze_lenient", "runs", "variant"});
  for (const std::string& variant : variantsWithRuns(result)) {
    Row row;
    row.variant = variant;
    row.mos = scoreOf(result, variant, MetricId::audio_mos, 4.5);
    row.vq = scoreOf(result, variant, MetricId::video_vq, kBest);
    row.strict = scoreOf(result, variant, MetricId::video_vq_freeze_strict, kBest).mean;
    row.lenient = scoreOf(result, variant, MetricId::video_vq_freeze_lenient, kBest).mean;
    any = any || row.vq.count > 0;
    intervals = intervals || !std::isnan(row.vq.low);
    const auto text = [](double value) {
      return std::isnan(value) ? "NaN" : results::numberText(value);
    };
    csv.row({std::to_string(data.rows.size()), text(row.mos.mean), text(row.mos.low),
             text(row.mos.high), text(row.vq.mean), text(row.vq.low), text(row.vq.high),
             text(row.strict), text(row.lenient), std::to_string(row.vq.count), variant});
    data.rows.push_back(std::move(row));
  }
  if (!any) return {std::nullopt, "no call has video"};
  data.title = titleOf(result, data.rows);
  data.subtitle =
      conditions(result, intervals ? "two scales, not to be held against each other; 95 % intervals"
                                   : "two scales, not to be held against each other");
  data.table = csv.text();
  return {std::move(data), {}};
}

}  // namespace callflow::plot::video_quality
