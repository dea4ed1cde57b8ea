// Every shipped scenario runs, whole, and keeps what it promises.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace callflow::test {
namespace {

namespace fs = std::filesystem;
const fs::path scenarios = CALLFLOW_SOURCE_DIR "/scenarios";

std::vector<fs::path> yamlIn(const fs::path& directory) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Files of calls, not of networks, of which several may stand beside them.
std::vector<fs::path> shipped() {
  std::vector<fs::path> files;
  for (const char* const folder : {".", "figures", "use-cases"}) {
    for (const fs::path& file : yamlIn(scenarios / folder))
      if (contentOf(file).find("\nscenario: ") != std::string::npos) files.push_back(file);
  }
  return files;
}

TEST_CASE("shipped files are valid") {
  const fs::path dir = emptyDirectory(CALLFLOW_TEST_DIR, "validate");
  std::vector<std::string> arguments{"validate"};
  for (const char* const folder : {".", "topologies", "figures", "use-cases"}) {
    for (const fs::path& file : yamlIn(scenarios / folder)) arguments.push_back(file.string());
  }
  REQUIRE(arguments.size() > 5);
  const Output output = runCallflow(arguments, dir);
  CHECK(output.code == 0);
  CHECK(output.err.empty());
}

// One test case for all, because a scenario added to the folder must not need another line here.
TEST_CASE("shipped scenarios run and keep their expectations") {
  for (const fs::path& file : shipped()) {
    const std::string name = file.stem().string();
    DYNAMIC_SECTION(name) {
      const fs::path dir = emptyDirectory(CALLFLOW_TEST_DIR, "run-" + name);
      const Output output = runCallflow({"run", file.string(), "-j", "1"}, dir);
      INFO(output.out << output.err);
      CHECK(output.code == 0);
      const fs::path latest = dir / "results" / name / "latest";
      REQUIRE(fs::exists(latest / "summary.json"));
      CHECK(contentOf(latest / "manifest.json").find("\"complete\": true") != std::string::npos);
      // Each says by its first lines what it shows and where its numbers come from.
      const std::string text = contentOf(file);
      CHECK(text.rfind("# ", 0) == 0);
      CHECK(text.find("# What it shows:") != std::string::npos);
      CHECK(text.find("# Source:") != std::string::npos);
    }
  }
}

TEST_CASE("every shipped scenario has a row in the list of them") {
  const std::string list = contentOf(scenarios / "README.md");
  CHECK(shipped().size() > 45);
  for (const fs::path& file : shipped()) {
    INFO(file);
    CHECK(list.find("](" + fs::relative(file, scenarios).string() + ") |") != std::string::npos);
  }
}

}  // namespace
}  // namespace callflow::test
