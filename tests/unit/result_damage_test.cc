// A result that is not as callflow wrote it is told, with the file.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "src/results/directory.h"
#include "src/results/hash.h"
#include "src/results/run_tables.h"
#include "src/results/store.h"
#include "tests/unit/result_files.h"
#include "tests/unit/sample_result.h"

namespace callflow::results {
namespace {

using test::freshRoot;
using test::textOf;
using test::twoRuns;
namespace fs = std::filesystem;

// Every file of a result, by its path below the directory.
std::vector<std::string> marked(const fs::path& directory) {
  std::vector<std::string> names = {"manifest.json"};
  for (const auto& [name, text] : test::filesOf(directory)) names.push_back(name);
  return names;
}

// Ways in which a text stops being what was written.
const std::vector<std::pair<std::string, std::string (*)(std::string)>> damages = {
    {"emptied", [](std::string) { return std::string(); }},
    {"cut", [](std::string text) { return text.substr(0, text.size() / 2); }},
    {"cut by a line end", [](std::string text) { return text.substr(0, text.size() - 1); }},
    {"edited",
     [](std::string text) {
       // Another digit, so that the size stays; a file without one gets another letter.
       const auto at = text.find_first_of("123456789");
       char& letter = at == std::string::npos ? text.back() : text[at];
       letter = letter == '7' ? '8' : '7';
       return text;
     }},
    {"continued", [](std::string text) { return text + text; }},
};

TEST_CASE("every file of a result that was emptied, cut or edited is told by name") {
  for (const Result& result : {test::sampleResult(1), test::sweptResult()}) {
    const fs::path whole = writeResult(result, {}, {freshRoot("whole"), false});
    REQUIRE(loadResult(whole).records.size() == result.records.size());
    const auto names = marked(whole);
    REQUIRE(names.size() > 10);
    for (const std::string& name : names) {
      const std::string text = textOf(whole / name);
      for (const auto& [how, damaged] : damages) {
        if (damaged(text) == text) continue;
        INFO(name << " " << how);
        std::ofstream(whole / name, std::ios::binary) << damaged(text);
        CHECK_THROWS_WITH(loadResult(whole), Catch::StartsWith((whole / name).string() + ":"));
      }
      fs::remove(whole / name);
      INFO(name << " removed");
      CHECK_THROWS_WITH(loadResult(whole), Catch::Contains(name));
      std::ofstream(whole / name, std::ios::binary) << text;
      REQUIRE_NOTHROW(loadResult(whole));
    }
  }
}

// Results of schema 1.2 and before had no marks; the reader has to do with what it sees.
TEST_CASE("a result without marks never takes the reader down with it") {
  for (const Result& result : {test::sampleResult(1), test::sweptResult()}) {
    const fs::path whole = writeResult(result, {}, {freshRoot("old"), false});
    auto manifest = nlohmann::ordered_json::parse(textOf(whole / "manifest.json"));
    manifest.erase("files");
    manifest.erase("manifest_xxh3_128");
    std::ofstream(whole / "manifest.json") << manifest;
    REQUIRE(loadResult(whole).records.size() == result.records.size());
    int refused = 0;
    for (const std::string& name : marked(whole)) {
      const std::string text = textOf(whole / name);
      for (const auto& [how, damaged] : damages) {
        std::ofstream(whole / name, std::ios::binary) << damaged(text);
        try {
          (void)loadResult(whole);
        } catch (const ResultError&) {
          ++refused;
        }
      }
      std::ofstream(whole / name, std::ios::binary) << text;
    }
    CHECK(refused > 10);  // emptied and cut tables, at least
  }
}

TEST_CASE("a table of a sweep that names another run is told") {
  const fs::path directory = writeResult(test::sweptResult(), {}, {freshRoot("torn"), false});
  std::ofstream(directory / "runs" / "streams.csv", std::ios::app) << "99,0,standup\n";
  DirectoryReader unmarked(directory, {});
  RunTablesReader tables(unmarked);
  CHECK_THROWS_WITH(tables.read(0), Catch::Contains("there is no run \"99\""));
}

TEST_CASE("another schema is refused with both versions, unknown fields are not") {
  const fs::path root = freshRoot("schema");
  const fs::path directory = writeResult(twoRuns(), {}, {root, false});
  const fs::path manifest = directory / "manifest.json";
  auto json = nlohmann::ordered_json::parse(textOf(manifest));
  json["news"] = {{"of", "tomorrow"}};
  json["schema"]["minor"] = 9;
  json.erase("manifest_xxh3_128");
  json["manifest_xxh3_128"] = hashHex(json.dump(2) + "\n");
  std::ofstream(manifest) << json.dump(2) << "\n";
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

}  // namespace
}  // namespace callflow::results
