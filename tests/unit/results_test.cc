#include "src/results/result.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "src/results/csv.h"
#include "src/results/format.h"
#include "src/results/number.h"
#include "src/results/pack.h"
#include "src/results/run_files.h"
#include "src/results/store.h"
#include "src/results/summary.h"
#include "src/results/sweep.h"
#include "tests/unit/sample_result.h"

namespace callflow::results {
namespace {

namespace fs = std::filesystem;
using metrics::MetricId;

fs::path freshRoot(const std::string& name) {
  const fs::path root = fs::path(CALLFLOW_TEST_DIR) / name;
  fs::remove_all(root);
  return root;
}

std::string textOf(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Of every file but the manifest, by its path below the directory.
std::vector<std::pair<std::string, std::string>> filesOf(const fs::path& directory) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file() || entry.path().filename() == "manifest.json") continue;
    files.emplace_back(fs::relative(entry.path(), directory).string(), textOf(entry.path()));
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> namesIn(const fs::path& directory) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

metrics::Values values(double mos) {
  metrics::Values v;
  v[MetricId::mos] = mos;
  return v;
}

// Two runs of one stream: MOS 3.0 and 4.0 over the call, windows 2, 3, 4 and 3, 4, 5 (scaled by
// nothing).
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
    s.totals = values(2.0 + run);
    s.totals[MetricId::packets_lost] = 10.0 * run;
    s.totals[MetricId::longest_interruption] = 0.1 * run;
    for (int w = 0; w < 3; ++w) s.windows.push_back({Duration::s(10 * w), values(1.0 + run + w)});
    record.streams = {s};
    s.from = "b";
    s.to = "a";
    s.totals[MetricId::packets_lost] = 1;
    record.streams.push_back(s);
    result.records.push_back(record);
  }
  return result;
}

}  // namespace

TEST_CASE("a number is written the same way always, and read back") {
  CHECK(numberText(0.1 + 0.2) == "0.3");
  CHECK(numberText(7.000000000000001) == "7");
  CHECK(numberText(-0.0) == "0");
  CHECK(numberText(std::nan("")).empty());
  CHECK(numberText(1234567.875) == "1234567.875");
  CHECK(*numberFrom("1234567.875") == 1234567.875);
  CHECK(std::isnan(*numberFrom("")));
  CHECK_FALSE(numberFrom("1,5"));
  CHECK_FALSE(numberFrom("1.5 "));
}

TEST_CASE("times are written in milliseconds to the nanosecond") {
  CHECK(millisecondsText(Duration::ns(20'000'125)) == "20.000125");
  CHECK(millisecondsText(Duration::ns(-1)) == "-0.000001");
  CHECK(millisecondsText(Duration::ms(3)) == "3");
  CHECK(millisecondsText(TimePoint::max()).empty());
  CHECK(*millisecondsFrom("20.000125") == Duration::ns(20'000'125));
  CHECK(*millisecondsFrom("-0.000001") == Duration::ns(-1));
  CHECK_FALSE(millisecondsFrom("1.0000001"));
  CHECK_FALSE(millisecondsFrom("x"));
}

TEST_CASE("a table's fields may hold commas, quotes and line ends") {
  CsvWriter writer({"a", "b[ms]"});
  writer.row({"x,\"y\"\nz", ""});
  CHECK(writer.text() == "a,b[ms]\n\"x,\"\"y\"\"\nz\",\n");
  const CsvTable table = CsvTable::parse(writer.text(), "t.csv");
  REQUIRE(table.rows().size() == 1);
  CHECK(table.rows()[0] == std::vector<std::string>{"x,\"y\"\nz", ""});
  CHECK(table.column("b[ms]") == 1);
  CHECK(table.column("c") == CsvTable::absent);
  CHECK_THROWS_WITH(CsvTable::parse("a,b\n1\n", "t.csv"), Catch::Contains("t.csv:2"));
}

TEST_CASE("an id stands for the content") {
  const std::vector<CaseInput> cases = {{"a", "x: 1\n"}, {"b", "x: 2\n"}};
  const std::string id = resultId(cases, 1, 10, "0.1.0");
  CHECK(id.size() == 16);
  CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(id == resultId(cases, 1, 10, "0.1.0"));
  CHECK(id != resultId(cases, 2, 10, "0.1.0"));
  CHECK(id != resultId(cases, 1, 11, "0.1.0"));
  CHECK(id != resultId(cases, 1, 10, "0.1.1"));
  CHECK(id != resultId({{"a", "x: 1\n"}, {"b", "x: 3\n"}}, 1, 10, "0.1.0"));
  CHECK(id != resultId({{"b", "x: 2\n"}, {"a", "x: 1\n"}}, 1, 10, "0.1.0"));
  // The parts do not run together.
  CHECK(resultId({{"ab", "c"}}, 1, 1, "1") != resultId({{"a", "bc"}}, 1, 1, "1"));
}

TEST_CASE("names become one path component, different ones different") {
  CHECK(fileNameOf("udp-open_2.x") == "udp-open_2.x");
  CHECK(fileNameOf("../../etc") == "%2E.%2F..%2Fetc");
  CHECK(fileNameOf("..") == "%2E.");
  CHECK(fileNameOf("") == "%");
  CHECK(fileNameOf("a b") != fileNameOf("a%20b"));
  const std::string longName(300, 'x');
  CHECK(fileNameOf(longName).size() <= 120);
  CHECK(fileNameOf(longName) != fileNameOf(longName + "y"));
}

TEST_CASE("a record goes from process to process unchanged") {
  for (const Result& result : {test::sampleResult(1), test::threePackets()}) {
    for (const metrics::RunRecord& record : result.records) {
      const std::string bytes = pack(record);
      CHECK(pack(unpack(bytes)) == bytes);
      CHECK(unpack(bytes).streams.size() == record.streams.size());
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
      REQUIRE(a.streams.size() == b.streams.size());
      const auto& s = a.streams.front();
      const auto& t = b.streams.front();
      CHECK(s.path == t.path);
      CHECK(s.attempts.size() == t.attempts.size());
      REQUIRE(s.legs.size() == t.legs.size());
      CHECK(s.legs[0].nodes == t.legs[0].nodes);
      CHECK(s.out_of_range == t.out_of_range);
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
      CHECK(s.total_delay == t.total_delay);
      CHECK(s.delay_histogram == t.delay_histogram);
      REQUIRE(s.budget.size() == t.budget.size());
      for (std::size_t k = 0; k < s.budget.size(); ++k) CHECK(s.budget[k].sum == t.budget[k].sum);
      REQUIRE(s.windows.size() == t.windows.size());
      for (std::size_t k = 0; k < s.windows.size(); ++k) {
        CHECK(s.windows[k].start == t.windows[k].start);
        CHECK(t.windows[k].values[MetricId::mos] == Approx(s.windows[k].values[MetricId::mos]));
      }
      REQUIRE(s.trace.size() == t.trace.size());
      for (std::size_t k = 0; k < s.trace.size(); ++k) {
        CHECK(s.trace[k].received == t.trace[k].received);
        CHECK(s.trace[k].fate == t.trace[k].fate);
        CHECK(s.trace[k].jitter_buffer_target == t.trace[k].jitter_buffer_target);
        REQUIRE(s.trace[k].crossings.size() == t.trace[k].crossings.size());
        for (std::size_t c = 0; c < s.trace[k].crossings.size(); ++c) {
          CHECK(s.trace[k].crossings[c].arrived == t.trace[k].crossings[c].arrived);
          CHECK(s.trace[k].crossings[c].lost_at == t.trace[k].crossings[c].lost_at);
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
    s.mos_scale = i == 0 ? "narrowband" : "fullband";
    s.poor_by_dashboard = {{"round trip", 612.25 + i, 500, "ms"}, {"concealed", 7.1, 7, "%"}};
    s.poor_by_diagnostics = {{"jitter buffer", 212.5 + i, 200, "ms"}};
    s.poor_by_insights = {{"round trip", 612.25 + i, 500, "ms"}};
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
      CHECK(t.mos_scale == s.mos_scale);
      for (auto list :
           {&metrics::StreamRecord::poor_by_dashboard, &metrics::StreamRecord::poor_by_insights,
            &metrics::StreamRecord::poor_by_diagnostics}) {
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

TEST_CASE("a result's directory holds what the README says") {
  const fs::path root = freshRoot("layout");
  const fs::path directory = writeResult(test::sampleResult(1), {}, {root, false});
  CHECK(directory.parent_path() == root / "udp-vs-tcp");
  for (const char* file : {"manifest.json", "summary.json", "summary.csv", "inputs/udp-vs-tcp.yaml",
                           "inputs/topologies/contoso.yaml", "inputs/resolved-udp-open.yaml",
                           "runs/tcp-only-1/run.json", "runs/tcp-only-1/streams.csv",
                           "runs/tcp-only-1/timeseries.csv", "runs/tcp-only-1/budget.csv",
                           "runs/tcp-only-1/histogram.csv", "runs/tcp-only-1/trace.csv"}) {
    CHECK(fs::exists(directory / file));
  }
  CHECK(fs::read_symlink(directory.parent_path() / "latest") == directory.filename());
  CHECK(textOf(directory / "summary.json")
            .starts_with("{\n  \"schema\": {\n    \"name\": \"callflow.result/summary\""));
  CHECK(textOf(directory / "summary.csv")
            .starts_with("schema,variant,call,from,to,medium,metric,unit,better,n,"));
  const auto manifest = nlohmann::json::parse(textOf(directory / "manifest.json"));
  CHECK(manifest["complete"] == true);
  CHECK(manifest["traced"] == true);
  CHECK(manifest["id"] == directory.filename().string());
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

TEST_CASE("a table of a sweep that names another run is told") {
  const fs::path directory = writeResult(test::sweptResult(), {}, {freshRoot("torn"), false});
  std::ofstream(directory / "runs" / "streams.csv", std::ios::app) << "99,0,standup\n";
  CHECK_THROWS_WITH(loadResult(directory), Catch::Contains("there is no run \"99\""));
}

TEST_CASE("inputs from outside the scenario's folder stay inside the result") {
  Result result = twoRuns();
  result.inputs = {{"dir/s.yaml", "1"},
                   {"../../secret.yaml", "2"},
                   {"/abs/t.yaml", "3"},
                   {"dir/x/../t.yaml", "4"}};
  const fs::path directory = writeResult(result, {}, {freshRoot("outside"), false});
  CHECK(namesIn(directory / "inputs") == std::vector<std::string>{"2-secret.yaml", "3-t.yaml",
                                                                  "resolved-base.yaml", "s.yaml",
                                                                  "t.yaml"});
  CHECK(loadResult(directory).inputs[2].text == "3");
}

TEST_CASE("a failed write leaves nothing that looks whole") {
  const fs::path root = freshRoot("failed");
  Result result = twoRuns();
  // The second input would lie below the first, which is a file.
  result.inputs = {{"a.yaml", "1"}, {"a.yaml/b.yaml", "2"}};
  CHECK_THROWS_AS(writeResult(result, {}, {root, false}), ResultError);
  CHECK(namesIn(root / "two").empty());
  CHECK_FALSE(findResult(root, "two", resultId(result)));
}

TEST_CASE("a writer that is killed leaves nothing whole, and its leftovers go with the next one") {
  const fs::path root = freshRoot("killed");
  const Result result = test::sampleResult(4);
  // As a writer that died half way: its directory is there, its lock is gone.
  const fs::path left = root / "udp-vs-tcp" / ".partial-0123456789abcdef-1";
  fs::create_directories(left / "runs");
  // And one that lives, in a child that holds its directory as a writer does until it is killed.
  const pid_t child = fork();
  if (child == 0) {
    while (true) {
      try {
        writeResult(result, {}, {root, true});
      } catch (...) {
        _exit(1);
      }
    }
  }
  usleep(60'000);
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));
  const std::string id = resultId(result);
  if (const auto found = findResult(root, result.scenario, id)) {
    CHECK(loadResult(found->path).records.size() == 8);  // whole, from a round before
  }
  const fs::path directory = writeResult(result, {}, {root, true});
  CHECK(namesIn(root / "udp-vs-tcp") == std::vector<std::string>{id, "latest"});
  CHECK(loadResult(directory).complete());
}

TEST_CASE("the same run is recognized; force and what is missing replace it") {
  const fs::path root = freshRoot("again");
  Result result = test::sampleResult(2);
  for (auto& r : result.records) {
    for (auto& s : r.streams) s.trace.clear();
  }
  const std::string id = resultId(result);
  CHECK_FALSE(findResult(root, result.scenario, id));
  Result partial = result;
  partial.records.pop_back();
  const fs::path directory = writeResult(partial, {}, {root, false});
  REQUIRE(findResult(root, result.scenario, id));
  CHECK_FALSE(findResult(root, result.scenario, id)->complete);

  writeResult(result, {}, {root, false});  // an incomplete one is replaced
  CHECK(findResult(root, result.scenario, id)->complete);
  CHECK_FALSE(findResult(root, result.scenario, id)->traced);

  std::ofstream(directory / "mark") << "kept?";
  writeResult(result, {}, {root, false});  // a complete one is kept
  CHECK(fs::exists(directory / "mark"));
  writeResult(test::sampleResult(2), {}, {root, false});  // this one has traces
  CHECK_FALSE(fs::exists(directory / "mark"));
  CHECK(findResult(root, result.scenario, id)->traced);
  std::ofstream(directory / "mark") << "kept?";
  writeResult(result, {}, {root, true});
  CHECK_FALSE(fs::exists(directory / "mark"));
}

TEST_CASE("another schema is refused with both versions, unknown fields are not") {
  const fs::path root = freshRoot("schema");
  const fs::path directory = writeResult(twoRuns(), {}, {root, false});
  const fs::path manifest = directory / "manifest.json";
  auto json = nlohmann::ordered_json::parse(textOf(manifest));
  json["news"] = {{"of", "tomorrow"}};
  json["schema"]["minor"] = 9;
  std::ofstream(manifest) << json;
  CHECK(loadResult(directory).records.size() == 2);
  json["schema"]["major"] = 2;
  std::ofstream(manifest) << json;
  CHECK_THROWS_WITH(loadResult(directory), Catch::Contains("2.9") && Catch::Contains("1.x"));
  CHECK_FALSE(findResult(root, "two", resultId(twoRuns())));
  std::ofstream(manifest) << "{";
  CHECK_THROWS_WITH(loadResult(directory), Catch::Contains("is not JSON"));
  CHECK_THROWS_WITH(loadResult(root), Catch::Contains("no manifest.json"));
  CHECK_THROWS_AS(loadResult(root / "none"), ResultError);
}

TEST_CASE("statistics of a variant, by hand") {
  const auto summary = summarize(twoRuns());
  REQUIRE(summary.size() == 1);
  // Pooled, one call, two streams.
  REQUIRE(summary[0].scopes.size() == 4);
  const MetricSummary* mos = find(summary[0].pooled(), MetricId::mos);
  REQUIRE(mos != nullptr);
  CHECK(mos->n == 2);
  CHECK(mos->mean == Approx(3.5));  // of 3 and 4
  CHECK(mos->sd == Approx(std::sqrt(0.5)));
  // t(1; 0.975) = 12.7062, standard error 0.5.
  CHECK(mos->ci_low == Approx(3.5 - 12.7062 * 0.5).epsilon(1e-4));
  CHECK(mos->ci_high == Approx(3.5 + 12.7062 * 0.5).epsilon(1e-4));
  CHECK(mos->windows == 12);  // twice 2 3 4 3 4 5
  CHECK(mos->min == 2);
  CHECK(mos->max == 5);
  CHECK(mos->p50 == Approx(3.5));
  // Counters are summed over streams: 10 + 1 and 20 + 1, mean 16.
  CHECK(find(summary[0].pooled(), MetricId::packets_lost)->mean == Approx(16));
  // The longest of any stream: 0.1 and 0.2.
  CHECK(find(summary[0].pooled(), MetricId::longest_interruption)->mean == Approx(0.15));
  CHECK(find(summary[0].pooled(), MetricId::jitter) == nullptr);
  CHECK(summary[0].scopes[2].from == "a");
  CHECK(find(summary[0].scopes[2], MetricId::packets_lost)->mean == Approx(15));
}

TEST_CASE("values are shown in their unit") {
  CHECK(valueText(metrics::metric(MetricId::longest_interruption), 0.058) == "58 ms");
  CHECK(plainText(metrics::metric(MetricId::mos), -0.001, true) == "0.00");
  CHECK(plainText(metrics::metric(MetricId::mos), 0.91, true) == "+0.91");
  CHECK(valueText(metrics::metric(MetricId::mos), std::nan("")) == "-");
}

}  // namespace callflow::results
