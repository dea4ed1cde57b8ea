// Other programs, started without a shell.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

namespace callflow {

struct ProgramCall {
  std::vector<std::string> command;   // the program, looked up in PATH, and its arguments
  std::filesystem::path directory{};  // to run in; empty: ours
  std::string input{};                // its standard input; empty: nothing to read
  // Ends it when true (looked at ten times a second). It must outlive the call.
  const std::atomic<bool>* stop = nullptr;
};

struct ProgramOutcome {
  bool found = false;    // the program could be started
  int status = 0;        // its exit code; 128 + signal if one ended it
  bool stopped = false;  // ended because of `stop`
  std::string output;    // what it wrote to standard output
  std::string message;   // what it said on standard error, cut to a few lines
};

// Runs the program and waits for it.
ProgramOutcome runProgram(const ProgramCall& call);

}  // namespace callflow
