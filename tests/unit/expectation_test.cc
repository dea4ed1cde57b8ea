// What a scenario expects, measured against results of known values.
#include "src/results/expectation.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "src/results/collect.h"
#include "src/results/summary.h"

namespace callflow::results {
namespace {

using metrics::MetricId;
using metrics::Values;

Values valuesOf(double mos, double interruptions, double longest) {
  Values v;
  v[MetricId::audio_mos] = mos;
  v[MetricId::audio_interruptions] = interruptions;
  v[MetricId::audio_longest_interruption] = longest;
  return v;
}

// Two runs of a call from a to b and back. In run r either stream has MOS 2 + r as a whole and 1 +
// r, 2 + r, 3 + r in its windows; 2 r interruptions, of which the windows hold r, 0 and r; the
// longest lasts 0.1 r s, of which a window sees at most half.
Result twoRuns() {
  Result result;
  result.scenario = "two";
  result.version = "1";
  result.runs = 2;
  result.cases = {{"base", "a: 1\n"}};
  for (int run = 1; run <= 2; ++run) {
    metrics::RunRecord record;
    record.variant = "base";
    record.replication = run;
    metrics::StreamRecord s;
    s.call = "c";
    s.from = "a";
    s.to = "b";
    s.totals = valuesOf(2.0 + run, 2.0 * run, 0.1 * run);
    for (int w = 0; w < 3; ++w) {
      s.windows.push_back(
          {Duration::s(10 * w), valuesOf(1.0 + run + w, w == 1 ? 0 : run, 0.05 * run)});
    }
    record.streams = {s};
    std::swap(s.from, s.to);
    record.streams.push_back(s);
    result.records.push_back(record);
  }
  return result;
}

metrics::Expectation expectation(const std::string& text) {
  const auto parsed = metrics::parseExpectation(text);
  INFO(text << ": " << parsed.problem);
  REQUIRE(parsed.value);
  return *parsed.value;
}

Outcome outcomeOf(const std::string& text, const Result& result) {
  return evaluate({expectation(text)}, result).at(0);
}

}  // namespace

TEST_CASE("expectations pass and fail by the value that is written") {
  Result result = twoRuns();
  const auto outcome = [&](const std::string& text) { return outcomeOf(text, result); };
  CHECK(outcome("audio.mos >= 3.5").passed);
  CHECK(outcome("audio.mos.mean >= 3.5").passed);
  CHECK_FALSE(outcome("audio.mos.mean > 3.5").passed);
  CHECK(outcome("audio.mos.min <= 2").passed);
  CHECK_FALSE(outcome("audio.mos.max < 5").passed);
  CHECK(*outcome("audio.mos.p50 > 3").measured == Approx(3.5));
  CHECK(*outcome("audio.mos.p95 > 3").measured == Approx(5));  // rank 10.45 of the twelve
  CHECK(*outcome("audio.mos.p1 > 1").measured == Approx(2));   // rank 0.11: both 2
  // In the metric's unit, whatever the limit is written in.
  CHECK(outcome("audio.longest_interruption.min <= 0.2 s in base").passed);
  CHECK(*outcome("audio.longest_interruption.min <= 100 ms in base").measured == Approx(100));

  result.records.clear();
  metrics::RunRecord failed;
  failed.variant = "base";
  failed.failedCalls = {{"c", 410, 3112, {"no way out"}}};
  result.records.push_back(failed);
  const Outcome none = outcome("audio.mos > 1");
  CHECK_FALSE(none.passed);
  CHECK_FALSE(none.measured);
  CHECK(none.note == "call c failed, 410/3112");
}

TEST_CASE("what is counted is counted over calls, not over windows") {
  // Both streams together: 4 interruptions in run 1, 8 in run 2. Per window there are 0 to 2.
  const auto measured = [](const char* quantity) {
    return *outcomeOf(std::string(quantity) + " < 1 s", twoRuns()).measured;
  };
  const auto counted = [](const char* quantity) {
    return *outcomeOf(std::string(quantity) + " < 1", twoRuns()).measured;
  };
  CHECK(counted("audio.interruptions") == 6);
  CHECK(counted("audio.interruptions.min") == 4);
  CHECK(counted("audio.interruptions.max") == 8);
  // A gap that goes on from window to window is as long as it is.
  CHECK(measured("audio.longest_interruption.max") == Approx(200));
}

TEST_CASE("one name, one statistic: expectations measure what the summary says") {
  const Result result = twoRuns();
  const std::vector<VariantSummary> summary = summarize(result);
  const std::vector<RunStreams> runs = streamsIn(recordsOf(result, "base"), {});
  for (const MetricSummary& row : summary.at(0).pooled().metrics) {
    INFO(metrics::metric(row.metric).name);
    CHECK(statisticOf(runs, row.metric, "mean") == row.mean);
    CHECK(statisticOf(runs, row.metric, "min") == row.min);
    CHECK(statisticOf(runs, row.metric, "p5") == row.p5);
    CHECK(statisticOf(runs, row.metric, "p50") == row.p50);
    CHECK(statisticOf(runs, row.metric, "p95") == row.p95);
    CHECK(statisticOf(runs, row.metric, "max") == row.max);
  }
}

TEST_CASE("expectations are of a call, of a stream or of who hears") {
  Result result = twoRuns();
  // A second call in which carol hears 1.5 of dave and dave 2.5 of carol.
  for (metrics::RunRecord& run : result.records) {
    metrics::StreamRecord s;
    s.call = "night.watch";
    s.from = "dave@hq";
    s.to = "carol@home";
    s.totals = valuesOf(1.5, 1, 0.1);
    run.streams.push_back(s);
    std::swap(s.from, s.to);
    s.totals = valuesOf(2.5, 2, 0.2);
    run.streams.push_back(s);
  }
  const auto measured = [&](const std::string& quantity) {
    return *outcomeOf(quantity + " >= 0", result).measured;
  };
  CHECK(measured("call.c.audio.mos") == Approx(3.5));
  CHECK(measured("call.night.watch.audio.mos") == Approx(2));
  CHECK(measured("call.night.watch.dave->carol.audio.mos.mean") == Approx(1.5));
  CHECK(measured("call.night.watch.carol@home->dave@hq.audio.mos.p5") == Approx(2.5));
  CHECK(measured("call.night.watch.*->carol.audio.mos") == Approx(1.5));
  CHECK(measured("call.night.watch.carol->*.audio.interruptions") == 2);
  CHECK(measured("audio.interruptions") == 9);  // 4 and 8, and 3 each
}

TEST_CASE("expectations are of differences between variants, over the streams of both") {
  Result result = twoRuns();
  result.cases.push_back({"other", "a: 2\n"});
  for (const int run : {1, 2}) {
    metrics::RunRecord record = result.records[static_cast<std::size_t>(run - 1)];
    record.variant = "other";
    record.streams.pop_back();  // b does not reach a
    record.streams[0].totals[MetricId::audio_mos] = 1;
    record.streams[0].windows.clear();
    result.records.push_back(record);
  }
  // Of a to b alone: 1 less 3.5.
  const Outcome outcome = outcomeOf("audio.mos of other - base >= -2.5", result);
  CHECK(*outcome.measured == Approx(-2.5));
  CHECK(outcome.passed);
  CHECK_FALSE(outcomeOf("audio.mos of base - other <= 2.4", result).passed);
  // 4 and 8 interruptions of two streams, 2 and 4 of the one that both have: no difference.
  CHECK(*outcomeOf("audio.interruptions of other - base <= 0", result).measured == 0);
}

TEST_CASE("expectations say whether calls and participants connect") {
  Result result = twoRuns();
  for (metrics::RunRecord& run : result.records) {
    run.failedCalls = {{"guest", 410, 3112, {"x@a and y@h: direct: fw refuses"}}};
    // Of a meeting of three, dora does not get in.
    metrics::StreamRecord s;
    s.call = "meeting";
    s.from = "eve@hq";
    s.to = "finn@hq";
    run.streams.push_back(s);
    run.failedCalls.push_back({"meeting", 410, 3112, {"dora@home: direct: box refuses"}});
  }
  const auto says = [&](const std::string& text, bool passed, const std::string& note) {
    const Outcome outcome = outcomeOf(text, result);
    INFO(text);
    CHECK(outcome.passed == passed);
    CHECK(outcome.note == note);
    CHECK_FALSE(outcome.measured);
  };
  says("c connects", true, "connects");
  says("c is blocked in base", false, "connects");
  says("guest is blocked in base", true, "is blocked, 410/3112");
  says("guest connects", false, "is blocked, 410/3112");
  says("meeting connects", false, "connects without some who should be in it, 410/3112");
  says("meeting is blocked", false, "connects without some who should be in it, 410/3112");
  says("dora is blocked", true, "is blocked, 410/3112");
  says("eve connects", true, "connects");
  // Half of the runs are neither.
  result.records[0].failedCalls.clear();
  result.records[0].streams.push_back(result.records[0].streams[0]);
  result.records[0].streams.back().call = "guest";
  says("guest connects", false, "connects in 1 of 2 runs, 410/3112");
  says("guest is blocked", false, "connects in 1 of 2 runs, 410/3112");
}

TEST_CASE("a call that fails unasked is unexpected, unless an expectation speaks of it") {
  Result result = twoRuns();
  result.cases.push_back({"open", "a: 2\n"});
  for (metrics::RunRecord& run : result.records)
    run.failedCalls = {{"guest", 410, 3112, {"x@a and y@h: direct: fw refuses"}}};
  const auto unexpected = [&](const std::vector<std::string>& texts) {
    std::vector<metrics::Expectation> all;
    for (const std::string& text : texts) all.push_back(expectation(text));
    return unexpectedFailures(all, result).size();
  };
  CHECK(unexpected({}) == 1);
  CHECK(unexpected({"audio.mos >= 1", "c connects"}) == 1);
  CHECK(unexpected({"guest is blocked"}) == 0);
  CHECK(unexpected({"guest is blocked in base"}) == 0);
  CHECK(unexpected({"guest is blocked in open"}) == 1);
  // It fails this expectation, which is told by itself.
  CHECK(unexpected({"guest connects in base"}) == 0);
  CHECK(unexpected({"y is blocked"}) == 1);  // not the first who is named
  CHECK(unexpected({"x is blocked"}) == 0);
}

TEST_CASE("quantities are read as they are written, and faults say what to write") {
  for (const char* text :
       {"audio.mos", "call.standup.audio.mos", "call.standup.alice->bob.audio.mos",
        "call.a.b.c.*->bob@x.audio.one_way_delay_p95", "call.standup.alice->*.audio.mos"}) {
    const auto parsed = metrics::parseMeasure(text);
    REQUIRE(parsed.value);
    CHECK(nameOf(*parsed.value) == text);
    CHECK(parsed.statistic.empty());
    CHECK(metrics::parseMeasure(std::string(text) + ".p5").statistic == "p5");
  }
  const auto problem = [](const std::string& text) {
    const auto parsed = metrics::parseExpectation(text);
    CHECK_FALSE(parsed.value);
    return parsed.problem;
  };
  CHECK(problem("audio.mso >= 3") ==
        "there is no metric \"audio.mso\"; did you mean \"audio.mos\"?");
  CHECK(problem("mos >= 3") == "there is no metric \"mos\"; did you mean \"audio.mos\"?");
  CHECK(problem("audio.mos.median >= 3") ==
        "\"median\" is not a statistic; write one of: mean, min, max, p1 ... p99");
  CHECK_THAT(problem("audio.mos of tcp >= 3"), Catch::Contains("is no difference of two variants"));
  CHECK_THAT(problem("audio.mos of tcp - tcp >= 3"),
             Catch::Contains("name two different variants"));
  CHECK_THAT(problem("audio.mos of tcp - udp >= 3 in udp"),
             Catch::Contains("names its variants twice"));
  CHECK_THAT(problem("call.c.audio >= 3"), Catch::Contains("names no metric of a call"));
  CHECK_THAT(problem("audio.one_way_delay_p95 of tcp - udp <= -5"),
             Catch::Contains("write \"5 ms\""));
  const auto delay = metrics::parseExpectation("audio.one_way_delay_p95 of tcp - udp <= -5 ms");
  REQUIRE(delay.value);
  CHECK(delay.value->limit == Approx(-5));
  CHECK(delay.value->variant == "tcp");
  CHECK(delay.value->subtracted == "udp");
  for (const char* name : {"p0", "p100", "p05", "p", "p5x", "", "Mean"})
    CHECK_FALSE(metrics::isStatistic(name));
}

}  // namespace callflow::results
