// What `run`, `compare` and `plot` leave behind, say and exit with, whatever happens to them.
#include <signal.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/cli/program.h"

namespace callflow::test {
namespace {

namespace fs = std::filesystem;
const std::string input = CALLFLOW_SOURCE_DIR "/tests/cli/input/";
const std::string small = input + "small.yaml";

fs::path scratch(const std::string& name) {
  return emptyDirectory(CALLFLOW_TEST_DIR, name);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Result directories that look whole or marked: everything but what is hidden.
std::vector<fs::path> resultDirectories(const fs::path& root) {
  std::vector<fs::path> found;
  if (!fs::exists(root)) return found;
  for (const auto& scenario : fs::directory_iterator(root)) {
    for (const auto& entry : fs::directory_iterator(scenario.path())) {
      if (entry.is_symlink() || entry.path().filename().string().front() == '.') continue;
      found.push_back(entry.path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

TEST_CASE("a run writes its results, prints the table and says where") {
  const fs::path dir = scratch("run");
  const Output first = runCallflow({"run", small}, dir);
  CHECK(first.code == 0);
  CHECK(has(first.out, "udp-open"));
  CHECK(has(first.out, "tcp-only"));
  const auto results = resultDirectories(dir / "results");
  REQUIRE(results.size() == 1);
  const std::string where = results[0].lexically_relative(dir).string();
  CHECK(has(first.out, "results  " + where + "\n"));
  CHECK(has(first.out, "plots    " + where + "/plots\n"));
  for (const char* file : {"manifest.json", "summary.json", "summary.csv"}) {
    CHECK(fs::exists(results[0] / file));
  }
  CHECK(fs::exists(dir / "results/small/latest/summary.json"));
  CHECK(fs::exists(results[0] / "plots/delay-cdf.svg"));
  // The folder of a scenario's results is not a result; the last one in it is meant.
  const Output folder = runCallflow({"plot", "results/small"}, dir);
  CHECK(folder.code == 2);
  CHECK(has(folder.err, "did you mean results/small/latest?"));

  SECTION("the same run again is recognized and prints the same") {
    const auto before = fs::last_write_time(results[0] / "summary.json");
    const Output again = runCallflow({"run", small}, dir);
    CHECK(again.code == 0);
    CHECK(again.out == first.out);
    CHECK(has(again.err, "already there"));
    CHECK(has(again.err, "--force"));
    CHECK(fs::last_write_time(results[0] / "summary.json") == before);
  }
  SECTION("--force runs it again, to the same bytes") {
    const auto before = fs::last_write_time(results[0] / "summary.json");
    const std::string summary = contentOf(results[0] / "summary.json");
    const Output again = runCallflow({"run", small, "--force"}, dir);
    CHECK(again.code == 0);
    CHECK(again.out == first.out);
    CHECK_FALSE(has(again.err, "already there"));
    CHECK(fs::last_write_time(results[0] / "summary.json") > before);
    CHECK(contentOf(results[0] / "summary.json") == summary);
    CHECK(resultDirectories(dir / "results").size() == 1);
  }
  SECTION("another seed is another result") {
    CHECK(runCallflow({"run", small, "--seed", "2", "--no-plots", "--quiet"}, dir).code == 0);
    CHECK(resultDirectories(dir / "results").size() == 2);
  }
}

TEST_CASE("run --quiet prints nothing when all is well") {
  const Output output =
      runCallflow({"run", small, "-n", "1", "--quiet", "--no-plots"}, scratch("quiet"));
  CHECK(output.code == 0);
  CHECK(output.out.empty());
  CHECK(output.err.empty());
}

TEST_CASE("run --format json is one JSON document on stdout") {
  const Output output =
      runCallflow({"run", small, "-n", "1", "--format", "json", "--no-plots"}, scratch("json"));
  CHECK(output.code == 0);
  CHECK(output.out.rfind("{\n  \"results\": [", 0) == 0);
  CHECK(has(output.out, "\"complete\": true"));
  CHECK(has(output.out, "\"failed_runs\": []"));
}

TEST_CASE("run --trace says of which runs the frames are kept") {
  const auto traces = [&](const char* which) {
    const fs::path dir = scratch("trace");
    runCallflow({"run", small, "-n", "2", "--no-plots", "--trace", which}, dir);
    const auto files = filesBelow(dir / "results");
    return std::count_if(files.begin(), files.end(),
                         [](const std::string& file) { return has(file, "trace.csv"); });
  };
  const auto none = traces("none");
  const auto first = traces("first");
  const auto all = traces("all");
  CHECK(none == 0);
  CHECK(first > none);
  CHECK(all == 2 * first);
}

TEST_CASE("what is kept of the frames is another result, not another content of the same") {
  const fs::path dir = scratch("frames");
  for (const char* which : {"pictures", "none", "first", "all"})
    REQUIRE(
        runCallflow({"run", small, "-n", "1", "-q", "--no-plots", "--trace", which}, dir).code ==
        0);
  CHECK(resultDirectories(dir / "results").size() == 4);
}

TEST_CASE("run --dry-run says what would be run, how long and how much, and leaves nothing") {
  const fs::path dir = scratch("dry");
  const Output before = runCallflow({"run", small, "--dry-run", "-j", "1"}, dir);
  CHECK(before.code == 0);
  CHECK(before.err.empty());
  CHECK_FALSE(fs::exists(dir / "results"));
  CHECK(has(before.out, "small: 6 runs (2 cases, 3 runs of each)\n"));
  // A second of set-up, 30 s of the call and the drain of 5 s, six times.
  CHECK(has(before.out, "  to run    6 runs, "));
  CHECK(has(before.out, " at a time\n"));
  CHECK(has(before.out, "  disk      about "));
  CHECK(runCallflow({"run", small, "-q", "--no-plots"}, dir).code == 0);
  const Output after = runCallflow({"run", small, "--dry-run"}, dir);
  CHECK(has(after.out, "  there     all of them, in results/small/"));
  CHECK(has(after.out, "  to run    nothing\n"));
  CHECK(has(runCallflow({"run", small, "--dry-run", "--force"}, dir).out, "to run    6 runs"));
}

TEST_CASE("a stopped run goes on where it stopped, to the same bytes") {
  const fs::path dir = scratch("stopped");
  const fs::path whole = scratch("not-stopped");
  const std::vector<std::string> words = {"run", small, "-n", "40", "-j", "1", "--no-plots"};
  REQUIRE(runCallflow(words, whole).code == 0);
  int stops = 0;
  Output output;
  for (int i = 0; i < 8; ++i) {
    Running program(words, dir);
    if (program.firstChild() != 0)
      std::this_thread::sleep_for(std::chrono::milliseconds(100 + 150 * i));
    program.signal(SIGINT);
    output = program.wait();
    if (output.code == 130) ++stops;
    if (output.code == 0) break;
  }
  CHECK(stops > 0);
  output = runCallflow(words, dir);
  CHECK(output.code == 0);
  CHECK((has(output.err, "runs are there from before") || has(output.err, "already there")));
  const auto results = resultDirectories(dir / "results");
  const auto expected = resultDirectories(whole / "results");
  REQUIRE(results.size() == 1);
  REQUIRE(expected.size() == 1);
  CHECK(results[0].filename() == expected[0].filename());
  const auto files = filesBelow(expected[0]);
  CHECK(filesBelow(results[0]) == files);
  for (const std::string& file : files) {
    INFO(file);
    if (file != "manifest.json")
      CHECK(contentOf(results[0] / file) == contentOf(expected[0] / file));
  }
}

TEST_CASE("a missed expectation exits with 3") {
  const Output output =
      runCallflow({"run", input + "missed.yaml", "--no-plots"}, scratch("missed"));
  CHECK(output.code == 3);
  CHECK(has(output.out, "FAIL  audio.mos.mean >= 4.4"));
  CHECK(has(output.out, "ok    audio.mos.mean >= 1"));
}

TEST_CASE("a run that dies is named, the others are kept, and the exit code is 5") {
  const fs::path dir = scratch("crash");
  Running program({"run", small, "-j", "1", "--no-plots"}, dir);
  const pid_t child = program.firstChild();
  REQUIRE(child != 0);
  ::kill(child, SIGKILL);
  const Output output = program.wait();
  CHECK(output.code == 5);
  CHECK(has(output.err, "small: run 1 of udp-open failed: signal 9 (Killed)\n"));
  const auto results = resultDirectories(dir / "results");
  REQUIRE(results.size() == 1);
  CHECK(has(contentOf(results[0] / "manifest.json"), "\"complete\": false"));
  // What is not whole is run again.
  const Output again = runCallflow({"run", small, "--no-plots"}, dir);
  CHECK(again.code == 0);
  CHECK_FALSE(has(again.err, "already there"));
  CHECK(has(contentOf(results[0] / "manifest.json"), "\"complete\": true"));
}

TEST_CASE("SIGINT and SIGTERM keep what there is, marked incomplete") {
  const auto [number, code] = GENERATE(table<int, int>({{SIGINT, 130}, {SIGTERM, 143}}));
  const fs::path dir = scratch("signal-" + std::to_string(code));
  Running program({"run", input + "long.yaml", "-n", "1", "-j", "2"}, dir);
  REQUIRE(program.firstChild() != 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  program.signal(number);
  const Output output = program.wait();
  CHECK(output.code == code);
  CHECK(has(output.err, "long: stopped with 0 of 2 runs complete"));
  const auto results = resultDirectories(dir / "results");
  REQUIRE(results.size() == 1);
  CHECK(has(contentOf(results[0] / "manifest.json"), "\"complete\": false"));
  CHECK_FALSE(has(contentOf(results[0] / "manifest.json"), "\"complete\": true"));
  CHECK(has(output.out, "results  " + results[0].lexically_relative(dir).string()));
}

TEST_CASE("kill -9 leaves nothing that looks whole, and no process behind") {
  const fs::path dir = scratch("killed");
  Running program({"run", input + "long.yaml", "-n", "1", "-j", "1"}, dir);
  const pid_t child = program.firstChild();
  REQUIRE(child != 0);
  program.signal(SIGKILL);
  CHECK(program.wait().code == 128 + SIGKILL);
  CHECK(resultDirectories(dir / "results").empty());
  for (int i = 0; i < 500 && ::kill(child, 0) == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  CHECK(::kill(child, 0) != 0);
}

TEST_CASE("results that cannot be written are said before anything is run") {
  const Output output = runCallflow({"run", small, "--out", "/proc/no"}, scratch("unwritable"));
  CHECK(output.code == 2);
  CHECK(has(output.err, "results cannot be written to /proc/no"));
}

TEST_CASE("compare takes variants, scenario files and result directories") {
  const fs::path dir = scratch("compare");
  const Output variants = runCallflow({"compare", small}, dir);
  CHECK(variants.code == 0);
  CHECK(has(variants.out, "tcp-only"));
  CHECK(has(variants.out, "devices.firewall.rules"));
  CHECK_FALSE(fs::exists(dir / "results/small/latest/plots"));

  CHECK(runCallflow({"run", small, "--seed", "2", "--out", "other", "--quiet", "--no-plots"}, dir)
            .code == 0);
  const Output results =
      runCallflow({"compare", "results/small/latest", "other/small/latest"}, dir);
  CHECK(results.code == 0);
  const std::string worse = input + "worse.yaml";
  CHECK(runCallflow({"compare", worse}, dir).code == 0);
  CHECK(runCallflow({"compare", worse, "--fail-on-regression"}, dir).code == 4);
  CHECK(runCallflow({"compare", worse, "--fail-on-regression", "--baseline", "bad"}, dir).code ==
        0);
  const Output other_way = runCallflow({"compare", small, "--baseline", "tcp-only"}, dir);
  CHECK(other_way.code == 0);
  CHECK(other_way.out != variants.out);
  CHECK(runCallflow({"compare", small, "--baseline", "none"}, dir).code == 2);
  for (const char* format : {"json", "csv", "markdown"}) {
    CHECK(runCallflow({"compare", small, "--format", format}, dir).code == 0);
  }
}

TEST_CASE("plot draws what results hold") {
  const fs::path dir = scratch("plot");
  CHECK(runCallflow({"run", small, "--quiet", "--no-plots"}, dir).code == 0);
  const Output output =
      runCallflow({"plot", "results/small/latest", "--format", "svg", "--only", "delay-cdf"}, dir);
  CHECK(output.code == 0);
  CHECK(has(output.out, "results/small/latest/plots/delay-cdf.svg\n"));
  CHECK(fs::exists(dir / "results/small/latest/plots/delay-cdf.svg"));
  CHECK_FALSE(fs::exists(dir / "results/small/latest/plots/delay-cdf.png"));
  CHECK_FALSE(fs::exists(dir / "results/small/latest/plots/mos.svg"));
}

}  // namespace
}  // namespace callflow::test
