#include "src/process/program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <limits>
#include <string_view>
#include <utility>

extern char** environ;

namespace callflow {
namespace {

constexpr std::size_t kLongestMessage = 2000;
constexpr int kPollTimeout = 100;  // milliseconds

struct Pipe {
  int read = -1;
  int write = -1;

  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) == 0) {
      read = ends[0];
      write = ends[1];
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close(read);
    close(write);
  }
  static void close(int& end) {
    if (end >= 0) ::close(std::exchange(end, -1));
  }
};

// A program that ends before it has read all must not end us.
class NoBrokenPipe {
 public:
  NoBrokenPipe() {
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignore, &before_);
  }
  NoBrokenPipe(const NoBrokenPipe&) = delete;
  NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;
  ~NoBrokenPipe() { ::sigaction(SIGPIPE, &before_, nullptr); }

 private:
  struct sigaction before_ {};
};

// Reads once; closes the end when there is no more to come.
void take(int& end, std::string& text, std::size_t most) {
  std::array<char, 65536> chunk{};
  const ssize_t got = ::read(end, chunk.data(), chunk.size());
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (got <= 0) return Pipe::close(end);
  text.append(chunk.data(), std::min(static_cast<std::size_t>(got), most - text.size()));
}

// Writes what fits; closes the end when all is written or nobody reads.
void give(int& end, std::string_view& rest) {
  const ssize_t sent = ::write(end, rest.data(), rest.size());
  if (sent > 0) rest.remove_prefix(static_cast<std::size_t>(sent));
  if (rest.empty() || (sent < 0 && errno != EAGAIN && errno != EINTR)) Pipe::close(end);
}

// Writes and reads in turns: a program that answers before it has read all must not block us.
void exchange(const ProgramCall& call, pid_t child, Pipe& in, Pipe& out, Pipe& err,
              ProgramOutcome& outcome) {
  std::string_view rest = call.input;
  if (rest.empty()) {
    Pipe::close(in.write);
  } else {
    ::fcntl(in.write, F_SETFL, O_NONBLOCK);
  }
  while (out.read >= 0 || err.read >= 0 || in.write >= 0) {
    if (call.stop != nullptr && call.stop->load() && !outcome.stopped) {
      outcome.stopped = true;
      ::kill(child, SIGKILL);
    }
    // poll() passes over what is closed: -1.
    std::array<pollfd, 3> ends{pollfd{out.read, POLLIN, 0}, pollfd{err.read, POLLIN, 0},
                               pollfd{in.write, POLLOUT, 0}};
    if (::poll(ends.data(), ends.size(), kPollTimeout) <= 0) continue;
    if (ends[0].revents != 0)
      take(out.read, outcome.output, std::numeric_limits<std::size_t>::max());
    if (ends[1].revents != 0) take(err.read, outcome.message, kLongestMessage);
    if (ends[2].revents != 0) give(in.write, rest);
  }
}

}  // namespace

ProgramOutcome runProgram(const ProgramCall& call) {
  ProgramOutcome outcome;
  Pipe in, out, err;
  if (in.write < 0 || out.write < 0 || err.write < 0) {
    outcome.message = "no pipe can be made";
    return outcome;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.read, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.write, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.write, STDERR_FILENO);
  if (!call.directory.empty())
    posix_spawn_file_actions_addchdir_np(&actions, call.directory.c_str());
  std::vector<std::string> words = call.command;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = -1;
  // What we ignore, the program need not.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  sigaddset(&defaults, SIGXFSZ);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int error =
      ::posix_spawnp(&child, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return outcome;
  outcome.found = true;
  Pipe::close(in.read);
  Pipe::close(out.write);
  Pipe::close(err.write);
  {
    const NoBrokenPipe ignore;
    exchange(call, child, in, out, err, outcome);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return outcome;
}

}  // namespace callflow
