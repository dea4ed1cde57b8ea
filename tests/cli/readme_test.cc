// The terminal sessions of the README and of the guide are what the program prints.
#include <catch2/catch.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace callflow::test {
namespace {

namespace fs = std::filesystem;

struct Step {
  std::vector<std::string> arguments;
  std::string expected;  // on stdout
};

// Lines `$ callflow ...` in ```console blocks, each with the output that follows it.
std::vector<Step> session(const std::string& markdown) {
  std::vector<Step> steps;
  std::istringstream lines(markdown);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("```", 0) == 0) {
      inside = line == "```console";
    } else if (inside && line.rfind("$ callflow ", 0) == 0) {
      Step step;
      std::istringstream words(line.substr(11));
      for (std::string word; words >> word;) step.arguments.push_back(word);
      steps.push_back(step);
    } else if (inside && !steps.empty()) {
      steps.back().expected += line + "\n";
    }
  }
  return steps;
}

TEST_CASE("the README's session is what the program prints") {
  const fs::path dir = emptyDirectory(CALLFLOW_TEST_DIR, "readme");
  fs::create_directory_symlink(CALLFLOW_SOURCE_DIR "/scenarios", dir / "scenarios");
  const auto steps = session(contentOf(CALLFLOW_SOURCE_DIR "/README.md"));
  CHECK(steps.size() >= 3);
  for (const Step& step : steps) {
    const Output output = runCallflow(step.arguments, dir);
    INFO("callflow " << step.arguments.front() << "; stderr: " << output.err);
    CHECK(output.code == 0);
    CHECK(output.out == step.expected);
  }
}

TEST_CASE("the guide's page on check shows what the program prints") {
  const fs::path dir = emptyDirectory(CALLFLOW_TEST_DIR, "guide");
  fs::create_directory_symlink(CALLFLOW_SOURCE_DIR "/scenarios", dir / "scenarios");
  const auto steps = session(contentOf(CALLFLOW_SOURCE_DIR "/docs/guide/check.md"));
  CHECK(steps.size() == 2);
  for (const Step& step : steps) {
    const Output output = runCallflow(step.arguments, dir);
    INFO("callflow " << step.arguments.front() << "; stderr: " << output.err);
    // 3: there is an error among the findings.
    CHECK(output.code == (&step == &steps.front() ? 3 : 0));
    CHECK(output.out == step.expected);
  }
}

}  // namespace
}  // namespace callflow::test
