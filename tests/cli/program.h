// The callflow program as its users meet it: arguments in; exit code, stdout and stderr out.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace callflow::test {

struct Output {
  int code = -1;  // exit code; 128 + N if a signal N ended it
  std::string out;
  std::string err;
};

// A program that has been started. It is killed after ten minutes, and at the end of the object's
// life.
class Running {
 public:
  // `scratch` is the working directory and takes the files that catch its output.
  Running(const std::vector<std::string>& arguments, const std::filesystem::path& scratch);
  ~Running();
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  // Waits until the program has at least one child process, and returns it; 0 if it ended without.
  pid_t firstChild() const;
  Output wait();

 private:
  std::filesystem::path out_;
  std::filesystem::path err_;
  pid_t pid_ = -1;
};

// Runs callflow to its end in `scratch`.
Output runCallflow(const std::vector<std::string>& arguments, const std::filesystem::path& scratch);

// An empty directory below `root`, for one test case.
std::filesystem::path emptyDirectory(const std::filesystem::path& root, const std::string& name);

std::string contentOf(const std::filesystem::path& file);

// Every file below a directory, sorted, relative to it; links are not followed.
std::vector<std::string> filesBelow(const std::filesystem::path& directory);

// Compares with a golden file. With CALLFLOW_UPDATE_GOLDEN=1 in the environment writes it instead.
void checkGolden(const std::filesystem::path& golden, const std::string& text);

}  // namespace callflow::test
