#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "src/metrics/metric.h"
#include "src/metrics/run_record.h"
#include "src/metrics/statistics.h"

using namespace callflow;
using namespace callflow::metrics;

namespace {
Approx near(double value) {
  return Approx(value).margin(1e-9).epsilon(0);
}
}  // namespace

TEST_CASE("Every metric can be found by its name and says what it is") {
  std::set<std::string> names;
  for (const Metric& row : allMetrics()) {
    INFO(row.name);
    CHECK(names.insert(std::string{row.name}).second);
    CHECK(metricNamed(row.name) == row.id);
    CHECK(&metric(row.id) == &row);
    CHECK(row.name.starts_with(std::string(row.medium) + "."));
    // The rest of `audio.mos.p5` is a statistic.
    CHECK(row.name.find('.', row.medium.size() + 1) == std::string_view::npos);
    CHECK(row.help.back() == '.');
    CHECK_FALSE(row.source.empty());
    CHECK(row.scale == (row.unit == "%"        ? 100
                        : row.unit == "ms"     ? 1000
                        : row.unit == "kbit/s" ? 0.001
                                               : 1));
  }
  CHECK(names.size() == kMetricCount);
  CHECK_FALSE(metricNamed("audio.mo").has_value());
  CHECK(metric(MetricId::audio_mos).better == Better::higher);
  CHECK(metric(MetricId::audio_one_way_delay_p95).name == "audio.one_way_delay_p95");
  CHECK(metric(MetricId::audio_one_way_delay_p95).better == Better::lower);
  CHECK(metric(MetricId::audio_packets_sent).better == Better::neither);
}

TEST_CASE("Every metric says how it pools, what matters of it and what is possible") {
  for (const Metric& row : allMetrics()) {
    INFO(row.name);
    CHECK(row.name ==
          std::string{row.medium} + "." + std::string{row.name.substr(row.medium.size() + 1)});
    CHECK(row.range.least < row.range.most);
    CHECK(row.margin.least > 0);
    CHECK_FALSE(row.margin.source.empty());
    // A difference that matters is seen in a table.
    CHECK(row.margin.least >= 0.5 * std::pow(10, -row.decimals));
    // What counts adds up, whatever it counts.
    const bool counter = row.unit == "packets" || row.unit == "segments" || row.unit == "windows";
    if (counter) CHECK(row.pooling == Pooling::sum);
    const bool largest = row.name.ends_with("_max") || row.name.find(".longest_") != row.name.npos;
    CHECK((row.pooling == Pooling::max) == largest);
    if (row.unit == "%") CHECK((row.range.least == 0 && row.range.most == 100));
  }
  for (const MetricId id : {MetricId::audio_packets_recovered, MetricId::audio_fec_packets_received,
                            MetricId::audio_concealment_events, MetricId::audio_interruptions,
                            MetricId::audio_interruption_duration}) {
    CHECK(metric(id).pooling == Pooling::sum);
  }
  CHECK(metric(MetricId::audio_mos).range.least == 1);
  CHECK(metric(MetricId::audio_mos).range.most == 4.5);
}

TEST_CASE("The smallest difference that matters is a size or a share, whichever is larger") {
  const Metric& delay = metric(MetricId::audio_one_way_delay_p95);
  CHECK(smallestDifference(delay, delay.margin, 0.02) == near(0.005));  // 5 % would be 1 ms
  CHECK(smallestDifference(delay, delay.margin, 0.4) == near(0.02));
  CHECK(smallestDifference(delay, delay.margin, -0.4) == near(0.02));
  const Metric& mos = metric(MetricId::audio_mos);
  CHECK(smallestDifference(mos, mos.margin, 4) == near(0.05));
  CHECK(smallestDifference(metric(MetricId::audio_lost_ratio),
                           metric(MetricId::audio_lost_ratio).margin, 1) == near(0.002));
  CHECK(marginText(delay, delay.margin) == "5 ms or 5 %, whichever is more");
  CHECK(marginText(mos, mos.margin) == "0.05 MOS");
  CHECK(marginText(metric(MetricId::audio_lost_ratio), metric(MetricId::audio_lost_ratio).margin) ==
        "0.2 points");
}

TEST_CASE("Values start as not applicable") {
  Values values;
  for (const Metric& row : allMetrics()) CHECK(std::isnan(values[row.id]));
  values[MetricId::audio_jitter] = 0.002;
  CHECK(values[MetricId::audio_jitter] == 0.002);
  CHECK(std::isnan(values[MetricId::audio_mos]));
}

TEST_CASE("Causes of delay have names of their own") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kDelayCauseCount; ++i) names.insert(name(static_cast<DelayCause>(i)));
  CHECK(names.size() == kDelayCauseCount);
  CHECK(name(DelayCause::headOfLine) == "head-of-line");
  CHECK(name(DelayCause::jitterBuffer) == "jitter-buffer");
  CHECK(name(DelayCause::packetization) == "packetization");
}

TEST_CASE("Mean, deviation and percentiles by hand") {
  const std::vector<double> values{9, 2, 4, 4,
                                   5, 4, 7, 5};  // mean 5; squares 16+9+1+1+0+1+4+0 = 32
  CHECK(mean(values) == near(5));
  CHECK(standardDeviation(values) == near(std::sqrt(32.0 / 7)));
  CHECK(std::isnan(mean({})));
  const std::vector<double> one{3};
  CHECK(std::isnan(standardDeviation(one)));

  // Sorted 2 4 4 4 5 5 7 9: rank 7 * 0.5 = 3.5 is between 4 and 5; rank 7 * 0.95 = 6.65 between 7
  // and 9.
  CHECK(percentile(values, 0.5) == near(4.5));
  CHECK(percentile(values, 0.95) == near(7 + 0.65 * 2));
  CHECK(percentile(values, 0) == 2);
  CHECK(percentile(values, 1) == 9);
  CHECK(percentile(one, 0.99) == 3);
  CHECK(std::isnan(percentile(std::vector<double>{}, 0.5)));
}

TEST_CASE("Student's t as in the printed tables") {
  CHECK(studentT(9, 0.975) == Approx(2.26216).margin(5e-6));
  CHECK(studentT(1, 0.975) == Approx(12.7062).margin(5e-5));
  CHECK(studentT(29, 0.95) == Approx(1.69913).margin(5e-6));
  CHECK(studentT(4, 0.5) == near(0));
}

TEST_CASE("Confidence interval of a mean by hand") {
  // 1..10: mean 5.5, variance 82.5 / 9, standard error sqrt(82.5 / 9 / 10) = 0.957427.
  const std::vector<double> values{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const Interval interval = meanInterval(values);
  CHECK(interval.mean == near(5.5));
  CHECK(interval.count == 10);
  CHECK(interval.high - interval.mean == Approx(2.26216 * 0.957427).margin(1e-5));
  CHECK(interval.mean - interval.low == near(interval.high - interval.mean));
  CHECK(interval.excludesZero());
  // 90 %: t(9, 0.95) = 1.83311.
  CHECK(meanInterval(values, 0.9).high == Approx(5.5 + 1.83311 * 0.957427).margin(1e-5));

  const Interval single = meanInterval(std::vector<double>{4});
  CHECK(single.mean == 4);
  CHECK(std::isnan(single.low));
  CHECK_FALSE(single.excludesZero());
  CHECK(std::isnan(meanInterval({}).mean));
}

TEST_CASE("Paired differences see through what both runs share") {
  // Differences 1, 2, 3: mean 2, deviation 1, t(2, 0.975) = 4.30265, half width 4.30265 / sqrt(3)
  // = 2.48414.
  const std::vector<double> a{10, 50, 90}, b{11, 52, 93};
  const Interval difference = pairedDifference(a, b);
  CHECK(difference.mean == near(2));
  CHECK(difference.high == Approx(2 + 2.48414).margin(1e-5));
  CHECK(difference.low == Approx(2 - 2.48414).margin(1e-5));
  CHECK_FALSE(difference.excludesZero());

  const std::vector<double> c{13, 53, 93.1};  // differences 3, 3, 3.1
  CHECK(pairedDifference(a, c).excludesZero());
  CHECK(pairedDifference(c, a).high < 0);

  const std::vector<double> gap{11, std::nan(""), 93};  // differences 1 and 3 remain
  CHECK(pairedDifference(a, gap).count == 2);
  CHECK(pairedDifference(a, gap).mean == near(2));
  CHECK_THROWS_AS(pairedDifference(a, std::vector<double>{1}), std::invalid_argument);
}

TEST_CASE("Identical runs differ by exactly nothing") {
  const std::vector<double> a{4.1, 4.2, 3.9};
  const Interval difference = pairedDifference(a, a);
  CHECK(difference.mean == 0);
  CHECK(difference.low == 0);
  CHECK(difference.high == 0);
  CHECK_FALSE(difference.excludesZero());
}

TEST_CASE("Delay histograms merge and give percentiles") {
  DelayHistogram a{{250, 3}, {400, 1}};
  const DelayHistogram b{{100, 2}, {250, 1}, {900, 3}};
  merge(a, b);
  CHECK(a == DelayHistogram{{100, 2}, {250, 4}, {400, 1}, {900, 3}});
  merge(a, {});
  CHECK(a.size() == 4);
  DelayHistogram empty;
  merge(empty, b);
  CHECK(empty == b);

  // 10 values: ranks 1-2 in bin 100, 3-6 in 250, 7 in 400, 8-10 in 900. Bin 250 is 25.0 to 25.1 ms.
  CHECK(percentile(a, 0.2).value == Duration::us(10'050));
  CHECK(percentile(a, 0.21).value == Duration::us(25'050));
  CHECK(percentile(a, 0.6).value == Duration::us(25'050));
  CHECK(percentile(a, 0.7).value == Duration::us(40'050));
  CHECK(percentile(a, 1).value == Duration::us(90'050));
  CHECK(percentile(a, 0).value == Duration::us(10'050));
  CHECK_FALSE(percentile(DelayHistogram{}, 0.5).exists);
  // 0.07 * 100 is a little over 7 in doubles; rank 7 is meant.
  CHECK(percentile(DelayHistogram{{1, 7}, {2, 93}}, 0.07).value == Duration::us(150));
}
