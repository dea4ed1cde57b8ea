// Same input, same bytes: whatever the order and number of processes.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace callflow::test {
namespace {

namespace fs = std::filesystem;
const std::string small = CALLFLOW_SOURCE_DIR "/tests/cli/input/small.yaml";

// Everything that a result holds but its manifest, which says when and where it was made.
std::vector<std::pair<std::string, std::string>> bytesOf(const fs::path& result) {
  std::vector<std::pair<std::string, std::string>> bytes;
  for (const std::string& file : filesBelow(result)) {
    if (file != "manifest.json") bytes.emplace_back(file, contentOf(result / file));
  }
  return bytes;
}

void checkSame(const fs::path& a, const fs::path& b) {
  const auto first = bytesOf(a);
  const auto second = bytesOf(b);
  REQUIRE(first.size() == second.size());
  CHECK(first.size() > 3);
  for (std::size_t i = 0; i < first.size(); ++i) {
    INFO(first[i].first);
    CHECK(first[i].first == second[i].first);
    CHECK(first[i].second == second[i].second);
  }
}

Output run(const fs::path& dir, const std::string& out, const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"run", small, "--out", out, "--no-plots", "--trace", "all"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return runCallflow(arguments, dir);
}

TEST_CASE("twice the same, and with processes side by side") {
  const fs::path dir = emptyDirectory(CALLFLOW_TEST_DIR, "twice");
  REQUIRE(run(dir, "first", {"-j", "1"}).code == 0);
  REQUIRE(run(dir, "second", {"-j", "1"}).code == 0);
  REQUIRE(run(dir, "third", {"-j", "4"}).code == 0);
  checkSame(dir / "first/small/latest", dir / "second/small/latest");
  checkSame(dir / "first/small/latest", dir / "third/small/latest");
}

TEST_CASE("a sweep is the same in one process and in several") {
  const fs::path dir = emptyDirectory(CALLFLOW_TEST_DIR, "sweep");
  std::ofstream(dir / "swept.yaml")
      << contentOf(small) << "sweep:\n"
      << "  loss: {key: sites.office.uplink.loss.mean, values: [0%, 2%]}\n"
      << "  delay: {key: sites.office.uplink.delay, values: [10 ms, 50 ms]}\n";
  const auto sweep = [&](const std::string& out, const std::string& processes) {
    return runCallflow({"run", "swept.yaml", "--out", out, "--no-plots", "-j", processes}, dir)
        .code;
  };
  REQUIRE(sweep("one", "1") == 0);
  REQUIRE(sweep("several", "5") == 0);
  checkSame(dir / "one/small/latest", dir / "several/small/latest");
}

TEST_CASE("another seed gives other bytes") {
  const fs::path dir = emptyDirectory(CALLFLOW_TEST_DIR, "seed");
  REQUIRE(run(dir, "first", {"--seed", "1"}).code == 0);
  REQUIRE(run(dir, "second", {"--seed", "2"}).code == 0);
  CHECK(contentOf(dir / "first/small/latest/summary.csv") !=
        contentOf(dir / "second/small/latest/summary.csv"));
}

TEST_CASE("the working directory and the way a file is named do not matter") {
  const fs::path dir = emptyDirectory(CALLFLOW_TEST_DIR, "name");
  fs::copy_file(small, dir / "small.yaml");
  REQUIRE(run(dir, "first", {}).code == 0);
  REQUIRE(
      runCallflow({"run", "./small.yaml", "--out", "second", "--no-plots", "--trace", "all"}, dir)
          .code == 0);
  for (const char* file : {"summary.json", "summary.csv"}) {
    CHECK(contentOf(dir / "first/small/latest" / file) ==
          contentOf(dir / "second/small/latest" / file));
  }
}

}  // namespace
}  // namespace callflow::test
