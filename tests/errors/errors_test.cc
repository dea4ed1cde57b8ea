// Every kind of fault in a file, with the exact words that callflow finds for it.
//
// <case>.yaml is checked as `callflow validate` does, and what it says is compared with
// <case>.expected byte for byte. CALLFLOW_APPROVE=1 in the environment writes the expected files
// anew: read the difference. Some files belong to another case and have no .expected of their own.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "src/topology/load.h"

namespace {

namespace fs = std::filesystem;
using callflow::Diagnostics;

const fs::path kCases = fs::path(CALLFLOW_SOURCE_DIR) / "tests" / "errors";

bool approving() {
  return std::getenv("CALLFLOW_APPROVE") != nullptr;
}

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Paths in messages are as the user gave them, so the test stands where the files are.
std::string faultsOf(const std::string& file) {
  Diagnostics diagnostics;
  const bool fine = callflow::topology::validateFile(file, diagnostics);
  CHECK(fine == !diagnostics.hasErrors());
  return diagnostics.render("nothing was run");
}

class InFolder {
 public:
  explicit InFolder(const fs::path& folder) : before_(fs::current_path()) {
    fs::create_directories(folder);
    fs::current_path(folder);
  }
  ~InFolder() { fs::current_path(before_); }
  InFolder(const InFolder&) = delete;
  InFolder& operator=(const InFolder&) = delete;

 private:
  fs::path before_;
};

// A case whose file the test makes; its .expected stands with the others.
void checkMade(const std::string& name, const std::string& said) {
  const fs::path expected = kCases / (name + ".expected");
  if (approving()) std::ofstream(expected, std::ios::binary) << said;
  INFO("case " << name);
  CHECK(said == contents(expected));
}

}  // namespace

TEST_CASE("each faulty file is answered in the expected words") {
  const InFolder here(kCases);
  std::set<std::string> files;
  for (const auto& entry : fs::directory_iterator("."))
    if (entry.path().extension() == ".yaml") files.insert(entry.path().filename().string());
  int pairs = 0;
  for (const std::string& file : files) {
    const fs::path expected = fs::path(file).replace_extension(".expected");
    const std::string said = faultsOf(file);
    if (approving()) std::ofstream(expected, std::ios::binary) << said;
    ++pairs;
    INFO("case " << file);
    CHECK(said == contents(expected));
    CHECK_FALSE(said.empty());
  }
  CHECK(pairs >= 60);
}

TEST_CASE("every expected text has its case") {
  const std::set<std::string> made = {"directory",    "huge",   "deep", "alias-bomb",
                                      "missing-file", "binary", "pipe"};
  for (const auto& entry : fs::directory_iterator(kCases)) {
    if (entry.path().extension() != ".expected") continue;
    const std::string name = entry.path().stem().string();
    INFO("case " << name);
    CHECK((made.count(name) == 1 || fs::exists(kCases / (name + ".yaml"))));
  }
}

TEST_CASE("a directory, a missing file and what is not text are refused") {
  const InFolder here(fs::path(CALLFLOW_TEST_DIR) / "odd");
  fs::create_directories("directory.yaml");
  checkMade("directory", faultsOf("directory.yaml"));
  checkMade("missing-file", faultsOf("missing-file.yaml"));
  std::ofstream("binary.yaml", std::ios::binary) << std::string("sites:\0\x01\xff\xfe\n", 12);
  checkMade("binary", faultsOf("binary.yaml"));
}

TEST_CASE("a pipe is read, and told of by its name like a file") {
  const InFolder here(fs::path(CALLFLOW_TEST_DIR) / "pipe");
  fs::remove("pipe.yaml");
  REQUIRE(::mkfifo("pipe.yaml", 0600) == 0);
  // Whoever writes waits for whoever reads, and the other way round.
  std::thread writer(
      [] { std::ofstream("pipe.yaml") << "sites:\n  hq: {uplink: {loss: 0.05}}\n"; });
  const std::string said = faultsOf("pipe.yaml");
  writer.join();
  checkMade("pipe", said);
}

TEST_CASE("a file of 100 MB is refused without being read") {
  const InFolder here(fs::path(CALLFLOW_TEST_DIR) / "huge");
  std::ofstream("huge.yaml", std::ios::binary) << "sites: {}\n";
  fs::resize_file("huge.yaml", 100'000'000);
  checkMade("huge", faultsOf("huge.yaml"));
  fs::remove("huge.yaml");
}

TEST_CASE("deep nesting is refused") {
  const InFolder here(fs::path(CALLFLOW_TEST_DIR) / "deep");
  std::ofstream("deep.yaml", std::ios::binary)
      << "sites: " << std::string(100'000, '[') << std::string(100'000, ']') << "\n";
  checkMade("deep", faultsOf("deep.yaml"));
}

TEST_CASE("an alias bomb is refused") {
  const InFolder here(fs::path(CALLFLOW_TEST_DIR) / "bomb");
  {
    std::ofstream bomb("alias-bomb.yaml", std::ios::binary);
    bomb << "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int level = 1; level < 30; ++level) {
      bomb << "a" << level << ": &a" << level << " [";
      for (int i = 0; i < 10; ++i) bomb << (i == 0 ? "*a" : ", *a") << level - 1;
      bomb << "]\n";
    }
  }
  checkMade("alias-bomb", faultsOf("alias-bomb.yaml"));
}
