// What goes into a result comes out of it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "src/results/pack.h"
#include "src/results/run_files.h"
#include "src/results/store.h"
#include "src/results/sweep.h"
#include "tests/unit/result_files.h"
#include "tests/unit/sample_result.h"

namespace callflow::results {
namespace {

using metrics::MetricId;
using test::filesOf;
using test::freshRoot;
namespace fs = std::filesystem;

void checkSame(const std::vector<metrics::CallRecord>& a,
               const std::vector<metrics::CallRecord>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].call == b[i].call);
    CHECK(a[i].copy == b[i].copy);
    CHECK(a[i].group == b[i].group);
    CHECK(a[i].mediaProcessor == b[i].mediaProcessor);
    CHECK(a[i].start == b[i].start);
    CHECK(a[i].mediaStart == b[i].mediaStart);
    CHECK(a[i].scoredFrom == b[i].scoredFrom);
    CHECK(a[i].mediaEnd == b[i].mediaEnd);
    REQUIRE(a[i].participants.size() == b[i].participants.size());
    for (std::size_t k = 0; k < a[i].participants.size(); ++k) {
      CHECK(a[i].participants[k].name == b[i].participants[k].name);
      CHECK(a[i].participants[k].pstn == b[i].participants[k].pstn);
      CHECK(a[i].participants[k].code == b[i].participants[k].code);
      CHECK(a[i].participants[k].subcode == b[i].participants[k].subcode);
      CHECK(a[i].participants[k].region == b[i].participants[k].region);
      CHECK(a[i].participants[k].flows == b[i].participants[k].flows);
    }
  }
}

TEST_CASE("a record goes from process to process unchanged") {
  for (const Result& result : {test::sampleResult(1), test::threePackets()}) {
    for (const metrics::RunRecord& record : result.records) {
      const std::string bytes = pack(record);
      CHECK(pack(unpack(bytes)) == bytes);
      CHECK(unpack(bytes).streams.size() == record.streams.size());
      CHECK(unpack(bytes).calls.size() == record.calls.size());
      CHECK_THROWS_AS(unpack(bytes.substr(0, bytes.size() - 1)), ResultError);
      CHECK_THROWS_AS(unpack(bytes + "x"), ResultError);
    }
  }
}

TEST_CASE("a result is read back as it was written") {
  const fs::path root = freshRoot("round-trip");
  for (const Result& result : {test::sampleResult(2), test::threePackets(), test::sweptResult()}) {
    const fs::path directory = writeResult(result, {}, {root, false});
    const Result read = loadResult(directory);
    CHECK(read.scenario == result.scenario);
    CHECK(read.title == result.title);
    CHECK(read.seed == result.seed);
    CHECK(resultId(read) == resultId(result));
    REQUIRE(read.inputs.size() == result.inputs.size());
    CHECK(read.inputs.back().text == result.inputs.back().text);
    REQUIRE(read.records.size() == result.records.size());
    for (std::size_t i = 0; i < read.records.size(); ++i) {
      const metrics::RunRecord& a = result.records[i];
      const metrics::RunRecord& b = read.records[i];
      CHECK(a.seed == b.seed);
      CHECK(a.simulated == b.simulated);
      checkSame(a.calls, b.calls);
      REQUIRE(a.streams.size() == b.streams.size());
      const auto& s = a.streams.front();
      const auto& t = b.streams.front();
      CHECK(s.path == t.path);
      CHECK(s.attempts.size() == t.attempts.size());
      REQUIRE(s.legs.size() == t.legs.size());
      CHECK(s.legs[0].nodes == t.legs[0].nodes);
      for (std::size_t k = 0; k < s.legs.size(); ++k) {
        CHECK(s.legs[k].flows == t.legs[k].flows);
        CHECK(s.legs[k].connectivityIce == t.legs[k].connectivityIce);
        CHECK(s.legs[k].fromType == t.legs[k].fromType);
        CHECK(s.legs[k].toType == t.legs[k].toType);
        CHECK(s.legs[k].relay == t.legs[k].relay);
      }
      CHECK(s.outOfRange == t.outOfRange);
      REQUIRE(s.targets.size() == t.targets.size());
      for (std::size_t k = 0; k < s.targets.size(); ++k) {
        CHECK(s.targets[k].target == t.targets[k].target);
        CHECK(s.targets[k].unit == t.targets[k].unit);
        CHECK(s.targets[k].limit == t.targets[k].limit);
        CHECK(s.targets[k].window == t.targets[k].window);
        CHECK(s.targets[k].windows == t.targets[k].windows);
        CHECK(s.targets[k].missed == t.targets[k].missed);
        CHECK(s.targets[k].packets == t.targets[k].packets);
        CHECK((s.targets[k].worst == t.targets[k].worst ||
               (std::isnan(s.targets[k].worst) && std::isnan(t.targets[k].worst))));
      }
      CHECK(s.totalDelay == t.totalDelay);
      CHECK(s.delayHistogram == t.delayHistogram);
      REQUIRE(s.budget.size() == t.budget.size());
      for (std::size_t k = 0; k < s.budget.size(); ++k) CHECK(s.budget[k].sum == t.budget[k].sum);
      REQUIRE(s.windows.size() == t.windows.size());
      for (std::size_t k = 0; k < s.windows.size(); ++k) {
        CHECK(s.windows[k].start == t.windows[k].start);
        CHECK(t.windows[k].values[MetricId::audio_mos] ==
              Approx(s.windows[k].values[MetricId::audio_mos]));
      }
      REQUIRE(s.trace.size() == t.trace.size());
      for (std::size_t k = 0; k < s.trace.size(); ++k) {
        CHECK(s.trace[k].received == t.trace[k].received);
        CHECK(s.trace[k].fate == t.trace[k].fate);
        CHECK(s.trace[k].jitterBufferTarget == t.trace[k].jitterBufferTarget);
        REQUIRE(s.trace[k].crossings.size() == t.trace[k].crossings.size());
        for (std::size_t c = 0; c < s.trace[k].crossings.size(); ++c) {
          CHECK(s.trace[k].crossings[c].arrived == t.trace[k].crossings[c].arrived);
          CHECK(s.trace[k].crossings[c].lostAt == t.trace[k].crossings[c].lostAt);
        }
      }
      for (const metrics::Metric& m : metrics::allMetrics()) {
        if (std::isnan(s.totals[m.id])) {
          CHECK(std::isnan(t.totals[m.id]));
        } else {
          CHECK(t.totals[m.id] == Approx(s.totals[m.id]).epsilon(1e-11));
        }
      }
    }
  }
}

TEST_CASE("how a stream is judged, and what was heard of it, goes through processes and files") {
  using metrics::PlayoutPart;
  using metrics::PlayoutSound;
  Result result = test::sampleResult(1);
  metrics::RunRecord& record = result.records.front();
  REQUIRE(record.streams.size() == 2);
  // Different in each stream, so that none can pass for the other.
  for (int i = 0; i < 2; ++i) {
    metrics::StreamRecord& s = record.streams[static_cast<std::size_t>(i)];
    s.codec = i == 0 ? "pcmu" : "opus";
    s.mosScale = i == 0 ? "narrowband" : "fullband";
    s.poorByDashboard = {{"round trip", 612.25 + i, 500, "ms"}, {"concealed", 7.1, 7, "%"}};
    s.poorByDiagnostics = {{"jitter buffer", 212.5 + i, 200, "ms"}};
    s.poorByInsights = {{"round trip", 612.25 + i, 500, "ms"}};
    s.playout = {
        {PlayoutSound::concealed, 1, TimePoint::max(), Duration::ms(20 + i), Duration::ms(5)},
        {PlayoutSound::played, 2, TimePoint::at(Duration::ns(1'234'567'891)), Duration::ms(20), {}},
        {PlayoutSound::stretched, 2, TimePoint::max(), Duration::us(-7'500), {}},
        {PlayoutSound::recovered, 3, TimePoint::at(Duration::ms(1300)), Duration::ms(20), {}},
        {PlayoutSound::paused, 4, TimePoint::at(Duration::ms(1320)), Duration::ms(380), {}}};
  }
  const auto check = [&](const metrics::RunRecord& read) {
    for (std::size_t i = 0; i < 2; ++i) {
      const metrics::StreamRecord& s = record.streams[i];
      const metrics::StreamRecord& t = read.streams[i];
      CHECK(t.codec == s.codec);
      CHECK(t.mosScale == s.mosScale);
      for (auto list :
           {&metrics::StreamRecord::poorByDashboard, &metrics::StreamRecord::poorByInsights,
            &metrics::StreamRecord::poorByDiagnostics}) {
        REQUIRE((t.*list).size() == (s.*list).size());
        for (std::size_t k = 0; k < (s.*list).size(); ++k) {
          CHECK((t.*list)[k].rule == (s.*list)[k].rule);
          CHECK((t.*list)[k].value == (s.*list)[k].value);
          CHECK((t.*list)[k].limit == (s.*list)[k].limit);
          CHECK((t.*list)[k].unit == (s.*list)[k].unit);
        }
      }
      REQUIRE(t.playout.size() == s.playout.size());
      for (std::size_t k = 0; k < s.playout.size(); ++k) {
        CHECK(t.playout[k].sound == s.playout[k].sound);
        CHECK(t.playout[k].sequence == s.playout[k].sequence);
        CHECK(t.playout[k].at == s.playout[k].at);
        CHECK(t.playout[k].length == s.playout[k].length);
        CHECK(t.playout[k].faded == s.playout[k].faded);
      }
    }
  };
  check(unpack(pack(record)));
  check(loadResult(writeResult(result, {}, {freshRoot("judged"), false})).records.front());
}

TEST_CASE("a word that a trace cannot hold is refused with its row") {
  metrics::RunRecord record;
  record.streams.resize(1);
  record.streams[0].playout = {{metrics::PlayoutSound::concealed, 7, TimePoint{}, {}, {}}};
  FileTexts files = runFiles(record);
  for (auto& [name, text] : files)
    if (name == "playout.csv") text.replace(text.find("concealed"), 9, "hummed");
  CHECK_THROWS_WITH(readRunTexts(files, "there"),
                    "there/playout.csv: row 1: \"hummed\" is none of played, recovered, "
                    "concealed, paused, stretched");
}

TEST_CASE("the same result gives the same bytes, whatever the order of its runs") {
  const Result result = test::sampleResult(3);
  Result shuffled = result;
  std::reverse(shuffled.records.begin(), shuffled.records.end());
  Provenance other;
  other.host = "elsewhere";
  other.started = "2026-01-01T00:00:00Z";
  const auto a = filesOf(writeResult(result, {}, {freshRoot("bytes-a"), false}));
  const auto b = filesOf(writeResult(shuffled, other, {freshRoot("bytes-b"), false}));
  REQUIRE(a.size() > 10);
  CHECK(a == b);
}

TEST_CASE("the runs of a sweep share tables, but for those of the close-up") {
  const fs::path directory = writeResult(test::sweptResult(), {}, {freshRoot("swept"), false});
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory / "runs"))
    names.insert(entry.path().filename().string());
  CHECK(names.size() == 5 + 4);  // the tables, and two runs of two variants
  CHECK(names.contains("runs.jsonl"));
  CHECK(names.contains(fileNameOf("tcp, loss 1%, rtt 100 ms") + "-2"));
  const Result read = loadResult(directory);
  const auto axes = axesOf(read);
  REQUIRE(axes.size() == 2);
  CHECK(axes[0].values == std::vector<std::string>{"0%", "1%", "2%"});
  CHECK(basesOf(read) == std::vector<std::string>{"udp", "tcp"});
  CHECK(cellText(closeUpCell(axes)) == "loss 1%, rtt 100 ms");
  const Result close = resultIn(read, closeUpCell(axes));
  REQUIRE(close.cases.size() == 2);
  CHECK(close.cases[1].variant == "tcp");
  CHECK(close.records.size() == 4);
}

}  // namespace
}  // namespace callflow::results
