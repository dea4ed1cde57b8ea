// What a comparison makes of a difference: which streams it is of, and whether it matters.
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "src/compare/alike.h"
#include "src/compare/compare.h"
#include "src/compare/difference.h"
#include "src/results/format.h"

namespace callflow::compare {
namespace {

using metrics::MetricId;
using metrics::RunRecord;
using metrics::StreamRecord;
using results::Result;

StreamRecord stream(const std::string& call, const std::string& from, const std::string& to,
                    double delay) {
  StreamRecord s;
  s.call = call;
  s.from = from;
  s.to = to;
  s.path = "direct";
  s.transport = "udp";
  s.totals[MetricId::audio_mos] = 4;
  s.totals[MetricId::audio_one_way_delay_p95] = delay;
  s.totals[MetricId::audio_packets_lost] = 10;
  return s;
}

Result twoVariants(const std::vector<RunRecord>& records, int runs) {
  Result result;
  result.scenario = "hand";
  result.version = "1";
  result.runs = runs;
  result.cases = {{"a", "x: 1\n"}, {"b", "x: 2\n"}};
  result.records = records;
  return result;
}

// Call d (0.4 ms, between two of a site) connects in both variants, call c (17 ms) in b only.
Result blockedInOne() {
  std::vector<RunRecord> records;
  for (int run = 1; run <= 3; ++run) {
    for (const char* variant : {"a", "b"}) {
      RunRecord record;
      record.variant = variant;
      record.replication = run;
      record.seed = static_cast<std::uint64_t>(run);
      record.streams = {stream("d", "x@a", "z@a", 0.0004), stream("d", "z@a", "x@a", 0.0004)};
      if (record.variant == "a") {
        record.failedCalls = {{"c", 410, 3112, {"x@a and y@h: direct: fw refuses udp"}}};
      } else {
        record.streams.push_back(stream("c", "x@a", "y@h", 0.017));
        record.streams.push_back(stream("c", "y@h", "x@a", 0.017));
      }
      records.push_back(record);
    }
  }
  return twoVariants(records, 3);
}

const MetricDifference* find(const Comparison& c, MetricId id) {
  for (const MetricDifference& d : c.metrics)
    if (d.metric == id) return &d;
  return nullptr;
}

// Of one metric, in two runs each; the difference is the same in both.
MetricDifference differenceOf(MetricId id, double a, double b, const Options& options = {}) {
  std::vector<RunRecord> records;
  for (int run = 1; run <= 2; ++run) {
    for (const bool second : {false, true}) {
      RunRecord record;
      record.variant = second ? "b" : "a";
      record.replication = run;
      StreamRecord s = stream("c", "x", "y", 0.01);
      s.totals = {};
      s.totals[id] = second ? b : a;
      record.streams = {s};
      records.push_back(record);
    }
  }
  Options how = options;
  how.metrics = {id};
  how.ifDifferent.clear();
  return compareResults({twoVariants(records, 2)}, how).at(0).metrics.at(0);
}

}  // namespace

TEST_CASE("only streams that both sides have are compared") {
  const Comparison c = compareResults({blockedInOne()}).at(0);
  // Call d's delay is the same on both sides. With call c in b the mean there would be 8.7 ms.
  const MetricDifference* delay = find(c, MetricId::audio_one_way_delay_p95);
  REQUIRE(delay != nullptr);
  CHECK(delay->a == Approx(0.0004));
  CHECK(delay->b == Approx(0.0004));
  CHECK(delay->verdict == Verdict::none);
  CHECK(c.streams.both == 2);
  CHECK(c.streams.onlyA == 0);
  CHECK(c.streams.onlyB == 2);
  // A sum, too, is of the same streams: 20 packets, not 20 against 40.
  Options counted;
  counted.metrics = {MetricId::audio_packets_lost};
  const MetricDifference lost = compareResults({blockedInOne()}, counted).at(0).metrics.at(0);
  CHECK(lost.a == 20);
  CHECK(lost.b == 20);
}

TEST_CASE("runs of other seeds compare the same streams as well") {
  Result a = blockedInOne();
  Result b = blockedInOne();
  for (RunRecord& run : b.records) run.seed += 100;
  Options options;
  options.baseline = "a";
  std::erase_if(a.records, [](const RunRecord& run) { return run.variant == "b"; });
  a.cases.pop_back();
  std::erase_if(b.records, [](const RunRecord& run) { return run.variant == "a"; });
  b.cases.erase(b.cases.begin());
  b.scenario = "other";
  const Comparison c = compareResults({a, b}).at(0);
  const MetricDifference* delay = find(c, MetricId::audio_one_way_delay_p95);
  REQUIRE(delay != nullptr);
  CHECK_FALSE(delay->paired);
  CHECK(delay->b == Approx(0.0004));
  CHECK(c.calls.at(0).verdict == Verdict::better);
}

TEST_CASE("whether a call connects is a verdict of its own, before all others") {
  Options from_b;
  from_b.baseline = "b";
  const Comparison gained = compareResults({blockedInOne()}).at(0);
  const Comparison lost = compareResults({blockedInOne()}, from_b).at(0);
  REQUIRE(gained.calls.size() == 1);
  CHECK(gained.calls[0].verdict == Verdict::better);
  CHECK_FALSE(gained.regression());
  CHECK(lost.calls.at(0).verdict == Verdict::worse);
  CHECK(lost.regression());
  const std::string text = renderText({lost});
  const std::size_t call = text.find("  call c  ");
  REQUIRE(call != std::string::npos);
  CHECK(call < text.find("  audio.mos "));
  CHECK_THAT(text, Catch::Contains("connects -> fails"));
  CHECK_THAT(text,
             Catch::Contains("note: metrics are of the 2 streams that both have; A has 2 more"));
  const auto json = nlohmann::json::parse(renderJson({lost}));
  CHECK(json["comparisons"][0]["failed_calls"][0]["verdict"] == "worse");
  CHECK_THAT(renderCsv({lost}), Catch::Contains("b,a,call.c.connects,%,100,0,,,,3,,worse"));
  CHECK_THAT(renderMarkdown({lost}), Catch::Contains("| call c | connects | fails | | | WORSE |"));
}

TEST_CASE("a call that fails in more runs is worse, in as many the same") {
  Result result = blockedInOne();
  const auto fail = [&](const std::string& variant, int replication) {
    for (RunRecord& run : result.records) {
      if (run.variant != variant || run.replication != replication) continue;
      run.streams.resize(2);
      run.failedCalls = {{"c", 410, 3112, {"no way"}}};
    }
  };
  fail("b", 1);
  fail("b", 2);
  Comparison c = compareResults({result}).at(0);
  CHECK(c.calls.at(0).verdict == Verdict::better);  // 3 of 3 against 2 of 3
  CHECK_THAT(renderText({c}), Catch::Contains("fails -> fails in 2 of 3 runs"));
  fail("b", 3);
  c = compareResults({result}).at(0);
  CHECK(c.calls.at(0).verdict == Verdict::none);
  CHECK_THAT(renderText({c}), Catch::Contains("fails -> fails"));
  CHECK_FALSE(c.regression());
}

TEST_CASE("some streams alone can be compared") {
  Options options;
  options.metrics = {metrics::Measure(MetricId::audio_one_way_delay_p95, {"d", "x", "z"}),
                     metrics::Measure(MetricId::audio_one_way_delay_p95, {"d"}),
                     metrics::Measure(MetricId::audio_one_way_delay_p95, {"c"})};
  const Comparison c = compareResults({blockedInOne()}, options).at(0);
  REQUIRE(c.metrics.size() == 2);  // call c is on one side only
  CHECK_THAT(renderText({c}), Catch::Contains("  call.d.x->z.audio.one_way_delay_p95  ") &&
                                  Catch::Contains("  call.d.audio.one_way_delay_p95  "));
}

TEST_CASE("a difference must be large enough to matter") {
  // MOS matters from 0.05 on, delay from 5 ms or 5 %, a ratio from 0.2 points.
  CHECK(differenceOf(MetricId::audio_mos, 4.00, 3.951).verdict == Verdict::negligible);
  CHECK(differenceOf(MetricId::audio_mos, 4.00, 3.95).verdict == Verdict::worse);
  CHECK(differenceOf(MetricId::audio_mos, 3.95, 4.00).verdict == Verdict::better);
  CHECK(differenceOf(MetricId::audio_one_way_delay_p95, 0.020, 0.0249).verdict ==
        Verdict::negligible);
  CHECK(differenceOf(MetricId::audio_one_way_delay_p95, 0.020, 0.0251).verdict == Verdict::worse);
  CHECK(differenceOf(MetricId::audio_one_way_delay_p95, 0.200, 0.2099).verdict ==
        Verdict::negligible);
  CHECK(differenceOf(MetricId::audio_one_way_delay_p95, 0.200, 0.2101).verdict == Verdict::worse);
  CHECK(differenceOf(MetricId::audio_lost_ratio, 0.010, 0.0119).verdict == Verdict::negligible);
  CHECK(differenceOf(MetricId::audio_lost_ratio, 0.010, 0.0121).verdict == Verdict::worse);
  Options finer;
  finer.margins[MetricId::audio_mos] = {0.01, 0, ""};
  CHECK(differenceOf(MetricId::audio_mos, 4.00, 3.98, finer).verdict == Verdict::worse);
  Options coarser;
  coarser.margins[MetricId::audio_mos] = {0.5, 0, ""};
  const MetricDifference d = differenceOf(MetricId::audio_mos, 4.0, 3.6, coarser);
  CHECK(d.verdict == Verdict::negligible);
  Comparison c;
  c.metrics = {d};
  CHECK_FALSE(c.regression());
  CHECK_THAT(renderText({c}), Catch::Contains("no difference that matters"));
}

TEST_CASE("what reads as zero is never better or worse") {
  std::mt19937 draws(1);
  std::uniform_real_distribution<double> exponent(-7, 2);
  std::uniform_real_distribution<double> share(-1, 1);
  Options none;
  for (const metrics::Metric& m : metrics::allMetrics()) none.margins[m.id] = {0, 0, ""};
  int verdicts = 0;
  for (const metrics::Metric& m : metrics::allMetrics()) {
    for (int i = 0; i < 200; ++i) {
      const double a = std::pow(10, exponent(draws));
      const double b = a + std::pow(10, exponent(draws)) * share(draws);
      INFO(m.name << ": " << a << " -> " << b);
      const MetricDifference d = differenceOf(m.id, a, b, i % 2 == 0 ? Options{} : none);
      const std::string change = results::plainText(m, d.difference, true);
      const bool verdict = d.verdict == Verdict::better || d.verdict == Verdict::worse ||
                           d.verdict == Verdict::changed;
      verdicts += verdict ? 1 : 0;
      if (change.find_first_not_of("+-0.") == std::string::npos) CHECK_FALSE(verdict);
      if (i % 2 == 0 && std::abs(d.difference) < m.margin.least / m.scale) CHECK_FALSE(verdict);
    }
  }
  CHECK(verdicts > 1000);  // the draws reach both sides
}

TEST_CASE("reasons that are the same but for who is meant are told once") {
  Told told;
  told.add("B not direct",
           "alice@hq does not reach the relay, as fw refuses udp 10.0.0.1:50000 to 20.1.2.3:3478: "
           "denied by rule 2 (a.yaml:3): {deny: any}");
  told.add("B not direct",
           "bob@hq does not reach the relay, as fw refuses udp 10.0.0.2:50000 to 20.1.2.3:3478: "
           "denied by rule 2 (a.yaml:3): {deny: any}");
  told.add("B not direct", "carol@home does not reach the relay: nothing answers");
  told.add("A not direct", "carol@home does not reach the relay: nothing answers");
  CHECK(told.text("") ==
        "B not direct: alice@hq does not reach the relay, as fw refuses udp 10.0.0.1:50000 to "
        "20.1.2.3:3478: denied by rule 2 (a.yaml:3): {deny: any} (the same of bob@hq)\n"
        "B not direct: carol@home does not reach the relay: nothing answers\n"
        "A not direct: carol@home does not reach the relay: nothing answers\n");
  CHECK(listing({"a", "b", "c"}, 4) == "a, b and c");
  CHECK(listing({"a", "b", "c", "d", "e"}, 4) == "a, b, c and 2 more");
}

}  // namespace callflow::compare
