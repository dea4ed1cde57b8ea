// Running gnuplot, without a shell between.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace callflow::plot {

struct ProgramOutcome {
  bool found = false;   // the program could be started
  int status = 0;       // its exit code; 128 + signal if one ended it
  std::string message;  // what it said on standard error, cut to a few lines
};

// Runs `program` (looked up in PATH) in `directory` and waits for it.
ProgramOutcome runProgram(const std::string& program, const std::vector<std::string>& arguments,
                          const std::filesystem::path& directory);

// Text as a gnuplot literal: single-quoted, where gnuplot replaces nothing; control characters
// become spaces and a backquote an apostrophe.
std::string literal(std::string_view text);

}  // namespace callflow::plot
