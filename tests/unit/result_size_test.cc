// What a result keeps by default, and how small it is.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "src/results/compressed.h"
#include "src/results/directory.h"
#include "src/results/keep.h"
#include "src/results/pack.h"
#include "src/results/store.h"
#include "tests/unit/result_files.h"
#include "tests/unit/sample_result.h"

namespace callflow::results {
namespace {

using metrics::FrameFate;
using metrics::FrameTrace;
namespace fs = std::filesystem;

// Frames of 20 ms with delays that look random; every `lostEvery`th is lost, none if 0.
std::vector<FrameTrace> frames(int count, int lostEvery, int worstMs, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<FrameTrace> trace;
  for (int i = 1; i <= count; ++i) {
    FrameTrace f;
    f.sequence = i;
    f.sent = f.firstTransmission = TimePoint::at(Duration::ms(20 * i));
    f.copies = 1;
    const Duration delay = i == count / 2
                               ? Duration::ms(worstMs)
                               : Duration::us(20'000 + static_cast<int>(random() % 9'000));
    f.arrived = f.received = f.sent + delay;
    f.played = f.received + Duration::ms(40);
    f.fate = FrameFate::played;
    metrics::LegCrossing c;
    c.sent = f.sent;
    c.arrived = c.delivered = f.arrived;
    if (lostEvery > 0 && i % lostEvery == 0) {
      f.fate = FrameFate::lost;
      f.arrived = f.received = f.played = c.arrived = c.delivered = TimePoint::max();
    }
    f.crossings = {c};
    trace.push_back(f);
  }
  return trace;
}

metrics::RunRecord runOf(int streams, int count, int lostEvery) {
  metrics::RunRecord run;
  for (int i = 0; i < streams; ++i) {
    metrics::StreamRecord s;
    s.call = "c" + std::to_string(i / 2);
    s.from = i % 2 == 0 ? "a" : "b";
    s.to = i % 2 == 0 ? "b" : "a";
    s.trace = frames(count, lostEvery, 30 + i, static_cast<unsigned>(i));
    s.played = count;
    s.playout = {{metrics::PlayoutSound::played, 1, TimePoint{}, Duration::ms(20), {}}};
    run.streams.push_back(s);
  }
  return run;
}

TEST_CASE("a short run of few streams keeps every frame") {
  const metrics::RunRecord run = runOf(8, 7'500, 50);  // 60 000 frames
  metrics::RunRecord thin = run;
  thinTraces(thin);
  CHECK(pack(thin) == pack(run));
}

TEST_CASE("of many streams the first ones and the worst ones keep their frames") {
  metrics::RunRecord run = runOf(40, 100, 0);
  thinTraces(run);
  std::vector<int> kept;
  for (int i = 0; i < 40; ++i) {
    if (!run.streams[static_cast<std::size_t>(i)].trace.empty()) kept.push_back(i);
    CHECK(run.streams[static_cast<std::size_t>(i)].playout.empty());  // whole or not at all
  }
  // Stream i has a frame of 30 + i ms.
  CHECK(kept == std::vector<int>{0, 1, 2, 3, 36, 37, 38, 39});
}

TEST_CASE("of a long run what happened stays, and of the rest what a picture shows") {
  const metrics::RunRecord before = runOf(2, 180'000, 997);
  metrics::RunRecord run = before;
  thinTraces(run);
  for (std::size_t s = 0; s < 2; ++s) {
    const auto& all = before.streams[s].trace;
    const auto& kept = run.streams[s].trace;
    CHECK(kept.size() < 5'000);  // 180 lost with four beside each, 1 000 places with three
    CHECK(std::is_sorted(kept.begin(), kept.end(),
                         [](const auto& a, const auto& b) { return a.sequence < b.sequence; }));
    const auto lost = [](const FrameTrace& f) { return f.fate == FrameFate::lost; };
    CHECK(std::count_if(kept.begin(), kept.end(), lost) == 180'000 / 997);
    CHECK(std::count_if(all.begin(), all.end(), lost) == 180'000 / 997);
    const auto has = [&](std::int64_t sequence) {
      return std::any_of(kept.begin(), kept.end(),
                         [&](const auto& f) { return f.sequence == sequence; });
    };
    for (std::int64_t at = 995; at <= 999; ++at) CHECK(has(at));
    CHECK(has(90'000));  // the slowest
  }
}

TEST_CASE("a large table of a run is a gzip file, and is read like any other") {
  Result result = test::sampleResult(1);
  const fs::path directory = writeResult(result, {}, {test::freshRoot("packed"), false});
  const fs::path runs = directory / "runs" / "tcp-only-1";
  CHECK(fs::exists(runs / "streams.csv"));  // a few lines
  CHECK(fs::exists(runs / "trace.csv.gz"));
  CHECK_FALSE(fs::exists(runs / "trace.csv"));
  const std::string bytes = test::textOf(runs / "trace.csv.gz");
  CHECK(bytes.substr(0, 2) == "\x1f\x8b");  // RFC 1952
  const std::string text = uncompressed(bytes, runs / "trace.csv.gz");
  CHECK(text.starts_with("stream,call,from,to,medium,sequence,"));
  CHECK(text.size() > 3 * bytes.size());
  CHECK(compressed(text) == bytes);  // no time in it
  CHECK(loadResult(directory).records.front().streams.front().trace.size() == 3'000);
}

TEST_CASE("texts of any size come back, and what is no gzip is refused") {
  std::mt19937 random(5);
  for (const std::size_t size : {0, 1, 65'535, 65'536, 262'144, 3'000'000}) {
    std::string text(size, 'x');
    for (char& c : text) c = static_cast<char>(random() % 7 == 0 ? random() : 'a');
    const std::string bytes = compressed(text);
    CHECK((uncompressed(bytes, "f.gz") == text));
    CHECK_THROWS_AS(uncompressed(bytes.substr(0, bytes.size() - 1), "f.gz"), ResultError);
    CHECK_THROWS_AS(uncompressed(bytes + "x", "f.gz"), ResultError);
  }
  CHECK_THROWS_WITH(uncompressed("stream,call\n", "f.gz"), Catch::StartsWith("f.gz: "));
  CHECK_THROWS_AS(uncompressed("", "f.gz"), ResultError);
}

}  // namespace
}  // namespace callflow::results
