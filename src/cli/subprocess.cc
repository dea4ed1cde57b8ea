#include "src/cli/subprocess.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

extern char** environ;

namespace callflow::cli {
namespace {

// Writes and reads in turns: a program that answers before it has read all must not block us.
std::string exchange(int to, int from, const std::string& input) {
  std::string output;
  std::size_t written = 0;
  ::fcntl(to, F_SETFL, O_NONBLOCK);
  while (true) {
    std::array<pollfd, 2> fds{pollfd{from, POLLIN, 0}, pollfd{to, POLLOUT, 0}};
    if (::poll(fds.data(), to >= 0 ? 2 : 1, -1) < 0) {
      if (errno == EINTR) continue;
      break;
    }
    if (to >= 0 && fds[1].revents != 0) {
      const ssize_t got = ::write(to, input.data() + written, input.size() - written);
      if (got > 0) written += static_cast<std::size_t>(got);
      if (written == input.size() || (got < 0 && errno != EAGAIN && errno != EINTR)) {
        ::close(to);
        to = -1;
      }
    }
    if (fds[0].revents != 0) {
      std::array<char, 65536> chunk{};
      const ssize_t got = ::read(from, chunk.data(), chunk.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      output.append(chunk.data(), static_cast<std::size_t>(got));
    }
  }
  if (to >= 0) ::close(to);
  ::close(from);
  return output;
}

}  // namespace

std::optional<std::string> filter(const std::vector<std::string>& command,
                                  const std::string& input) {
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0) return std::nullopt;
  if (::pipe2(out.data(), O_CLOEXEC) != 0) {
    ::close(in[0]);
    ::close(in[1]);
    return std::nullopt;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  std::vector<std::string> words = command;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t pid = -1;
  const int error =
      ::posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]);
  ::close(out[1]);
  if (error != 0) {
    ::close(in[1]);
    ::close(out[0]);
    return std::nullopt;
  }
  struct sigaction ignore {};
  struct sigaction before {};
  ignore.sa_handler = SIG_IGN;  // a filter that ends early must not end us
  ::sigaction(SIGPIPE, &ignore, &before);
  std::string output = exchange(in[1], out[0], input);
  ::sigaction(SIGPIPE, &before, nullptr);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
  return output;
}

}  // namespace callflow::cli
