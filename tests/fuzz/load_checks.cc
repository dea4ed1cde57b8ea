#include "tests/fuzz/load_checks.h"

#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "src/diag/diag.h"
#include "src/topology/load.h"

namespace callflow::test {

namespace fs = std::filesystem;

namespace {

// A load takes milliseconds; the alarm ends the process, and with it the test.
class Watch {
 public:
  Watch() { ::alarm(20); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() { ::alarm(0); }
};

// Copies a tree into the test's own folder, and lists its YAML files in a fixed order.
void collect(const fs::path& from, const fs::path& to, std::vector<Original>& files) {
  fs::create_directories(to);
  std::vector<fs::directory_entry> entries(fs::directory_iterator(from), {});
  std::sort(entries.begin(), entries.end());
  for (const fs::directory_entry& entry : entries) {
    const fs::path target = to / entry.path().filename();
    if (entry.is_directory()) {
      collect(entry.path(), target, files);
    } else if (entry.path().extension() == ".yaml") {
      fs::copy_file(entry.path(), target, fs::copy_options::overwrite_existing);
      files.push_back({to, entry.path().filename().string(), readFile(entry.path())});
    }
  }
}

void checkFaults(const Diagnostics& diagnostics) {
  for (const Diagnostic& fault : diagnostics.all()) {
    if (fault.severity != Severity::error) continue;
    CAPTURE(fault.render());
    REQUIRE(fault.pos.file);
    REQUIRE_FALSE(fault.pos.file->empty());
    // Line 0 stands for the whole file: right where there is no line to name, wrong for any key.
    const bool wholeFile =
        fault.path.empty() && (fault.problem == "is empty" || fault.problem == "is a directory");
    REQUIRE((fault.pos.line > 0 || wholeFile));
    REQUIRE_FALSE(fault.problem.empty());
  }
}

// What a case says in full is a scenario by itself, and says itself in full in the same words.
void checkResolved(const topology::Scenario& scenario) {
  const std::string path = std::string(CALLFLOW_TEST_DIR) + "/resolved.yaml";
  const std::string& text = scenario.cases.front().resolvedYaml;
  CAPTURE(text);
  writeFile(path, text);
  Diagnostics diagnostics;
  const auto again = topology::loadScenario(path, diagnostics);
  CAPTURE(diagnostics.render("again"));
  REQUIRE(again);
  REQUIRE(again->cases.size() == 1);
  CHECK(again->cases.front().resolvedYaml == text);
}

}  // namespace

std::string readFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void writeFile(const fs::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
}

std::vector<Original> originals() {
  const fs::path source = CALLFLOW_SOURCE_DIR;
  const fs::path own = CALLFLOW_TEST_DIR;
  std::vector<Original> files;
  collect(source / "scenarios", own / "scenarios", files);
  collect(source / "tests" / "errors", own / "errors", files);
  return files;
}

Outcome load(const std::string& path) {
  const Watch watch;
  Diagnostics ofKind;
  const auto kind = topology::fileKind(path, ofKind);
  REQUIRE(kind.has_value() != ofKind.hasErrors());
  checkFaults(ofKind);

  Diagnostics ofCheck;
  const bool valid = topology::validateFile(path, ofCheck);
  REQUIRE(valid != ofCheck.hasErrors());
  checkFaults(ofCheck);
  if (!kind) {
    REQUIRE_FALSE(valid);
    return Outcome::refused;
  }

  Diagnostics ofLoad;
  bool loaded = false;
  if (*kind == topology::FileKind::scenario) {
    const auto scenario = topology::loadScenario(path, ofLoad);
    loaded = scenario.has_value();
    if (loaded) {
      REQUIRE_FALSE(scenario->cases.empty());
      checkResolved(*scenario);
    }
  } else {
    loaded = topology::loadTopology(path, ofLoad).has_value();
  }
  REQUIRE(loaded != ofLoad.hasErrors());
  REQUIRE(loaded == valid);
  checkFaults(ofLoad);
  return loaded ? Outcome::loaded : Outcome::refused;
}

}  // namespace callflow::test
