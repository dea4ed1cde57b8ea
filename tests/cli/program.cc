#include "tests/cli/program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

namespace callflow::test {

namespace fs = std::filesystem;

Running::Running(const std::vector<std::string>& arguments, const fs::path& scratch)
    : out_(scratch / ".stdout"), err_(scratch / ".stderr") {
  pid_ = ::fork();
  if (pid_ != 0) return;
  std::vector<std::string> words{CALLFLOW_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::dup2(::open(out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), STDOUT_FILENO);
  ::dup2(::open(err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), STDERR_FILENO);
  ::alarm(600);  // outlives exec: a program that hangs ends with SIGALRM
  if (::chdir(scratch.c_str()) == 0) ::execv(CALLFLOW_PROGRAM, argv.data());
  ::_exit(126);
}

Running::~Running() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Running::signal(int number) const {
  ::kill(pid_, number);
}

pid_t Running::firstChild() const {
  const std::string process = "/proc/" + std::to_string(pid_);
  while (true) {
    std::ifstream children(process + "/task/" + std::to_string(pid_) + "/children");
    pid_t child = 0;
    if (children >> child) return child;
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        info.si_pid == pid_) {
      return 0;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

Output Running::wait() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  Output output;
  output.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  output.out = contentOf(out_);
  output.err = contentOf(err_);
  return output;
}

Output runCallflow(const std::vector<std::string>& arguments, const fs::path& scratch) {
  return Running(arguments, scratch).wait();
}

fs::path emptyDirectory(const fs::path& root, const std::string& name) {
  const fs::path directory = root / name;
  fs::remove_all(directory);
  fs::create_directories(directory);
  return directory;
}

std::string contentOf(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> filesBelow(const fs::path& directory) {
  std::vector<std::string> files;
  if (!fs::exists(directory)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file() && !entry.is_symlink()) {
      files.push_back(entry.path().lexically_relative(directory).string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

void checkGolden(const fs::path& golden, const std::string& text) {
  if (std::getenv("CALLFLOW_UPDATE_GOLDEN") != nullptr) {
    fs::create_directories(golden.parent_path());
    std::ofstream(golden, std::ios::binary) << text;
  }
  INFO("golden file " << golden << "; CALLFLOW_UPDATE_GOLDEN=1 writes it anew");
  REQUIRE(fs::exists(golden));
  CHECK(text == contentOf(golden));
}

}  // namespace callflow::test
