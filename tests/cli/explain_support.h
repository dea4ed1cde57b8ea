// What the tests of `callflow explain` ask it with.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace callflow::test {

// A file of its own for one test.
inline std::string file(const std::string& name, const std::string& text) {
  const std::filesystem::path path = emptyDirectory(CALLFLOW_TEST_DIR, name) / (name + ".yaml");
  std::ofstream(path) << text;
  return path.string();
}

inline nlohmann::json jsonIn(const std::filesystem::path& directory,
                             std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--format", "json"});
  const Output output = runCallflow(arguments, directory);
  INFO(output.err);
  REQUIRE(output.code == 0);
  return nlohmann::json::parse(output.out);
}

}  // namespace callflow::test
