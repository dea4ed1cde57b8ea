#include "src/cli/process_pool.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <exception>
#include <optional>
#include <system_error>

#include "src/cli/stop_signal.h"

namespace callflow::cli {
namespace {

// A message from child to parent: one letter, the length of the body, the body.
constexpr char kProgressMessage = 'p';
constexpr char kResultMessage = 'r';
constexpr char kFailureMessage = 'f';
constexpr std::size_t kHeaderSize = 1 + sizeof(std::uint64_t);
constexpr int kPollTimeout = 100;  // milliseconds: how long a signal may go unnoticed at worst

bool writeAll(int fd, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(fd, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    data += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

bool send(int fd, char kind, const char* body, std::size_t size) {
  std::array<char, kHeaderSize> header{};
  header[0] = kind;
  const std::uint64_t length = size;
  std::memcpy(header.data() + 1, &length, sizeof length);
  return writeAll(fd, header.data(), header.size()) && writeAll(fd, body, size);
}

struct Child {
  std::size_t job = 0;
  pid_t pid = -1;
  int fd = -1;
  std::string buffer;  // received, not yet understood
  std::optional<std::string> result;
  std::string failure;
};

// The pipes of its siblings are no business of a child's, and would take its file handles.
void closeOthers(int mine) {
  if (mine > STDERR_FILENO + 1)
    ::close_range(STDERR_FILENO + 1, static_cast<unsigned>(mine) - 1, 0);
  ::close_range(static_cast<unsigned>(mine) + 1, ~0U, 0);
}

// Never returns: the child must not unwind into its parent's stack or run its exit handlers.
[[noreturn]] void runChild(const Job& job, int fd) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a parent killed outright leaves no strays
  closeOthers(fd);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);  // stdout holds the parent's results and nothing else
  int code = 0;
  try {
    ChildLink link(fd);
    const std::string payload = job(link);
    if (!send(fd, kResultMessage, payload.data(), payload.size())) code = 1;
  } catch (const std::exception& error) {
    send(fd, kFailureMessage, error.what(), std::strlen(error.what()));
    code = 1;
  } catch (...) {
    code = 1;
  }
  ::_exit(code);
}

std::optional<Child> start(std::size_t number, const Job& job, std::string* failure) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
    *failure = "cannot make a pipe: " + std::generic_category().message(errno);
    return std::nullopt;
  }
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::close(pipe[0]);
    runChild(job, pipe[1]);
  }
  const int error = errno;
  ::close(pipe[1]);
  if (pid < 0) {
    *failure = "cannot start a process: " + std::generic_category().message(error);
    ::close(pipe[0]);
    return std::nullopt;
  }
  Child child;
  child.job = number;
  child.pid = pid;
  child.fd = pipe[0];
  return child;
}

// Takes whole messages off the buffer.
void understand(Child& child, const PoolOptions& options) {
  std::size_t at = 0;
  while (child.buffer.size() - at >= kHeaderSize) {
    std::uint64_t length = 0;
    std::memcpy(&length, child.buffer.data() + at + 1, sizeof length);
    if (child.buffer.size() - at - kHeaderSize < length) break;
    const char kind = child.buffer[at];
    const std::string body = child.buffer.substr(at + kHeaderSize, length);
    at += kHeaderSize + length;
    if (kind == kProgressMessage && body.size() == sizeof(std::int64_t)) {
      std::int64_t done = 0;
      std::memcpy(&done, body.data(), sizeof done);
      if (options.onProgress) options.onProgress(child.job, done);
    } else if (kind == kResultMessage) {
      child.result = body;
    } else if (kind == kFailureMessage) {
      child.failure = body;
    }
  }
  child.buffer.erase(0, at);
}

// Reads what is there; false at the end of the stream.
bool receive(Child& child, const PoolOptions& options) {
  std::array<char, 65536> chunk{};
  const ssize_t got = ::read(child.fd, chunk.data(), chunk.size());
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  if (got == 0) return false;
  child.buffer.append(chunk.data(), static_cast<std::size_t>(got));
  understand(child, options);
  return true;
}

JobOutcome finish(Child& child) {
  ::close(child.fd);
  int status = 0;
  while (::waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
  }
  JobOutcome outcome;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && child.result) {
    outcome.kind = JobOutcome::Kind::done;
    outcome.payload = std::move(*child.result);
    return outcome;
  }
  outcome.kind = JobOutcome::Kind::failed;
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    outcome.failure = "signal " + std::to_string(number) + " (" + ::strsignal(number) + ")";
  } else if (!child.failure.empty()) {
    outcome.failure = child.failure;
  } else {
    outcome.failure = "exit code " + std::to_string(WEXITSTATUS(status));
  }
  return outcome;
}

std::int64_t steadyNanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

void ChildLink::report(std::int64_t done) {
  const std::int64_t now = steadyNanoseconds();
  if (lastSentNs_ != 0 && now - lastSentNs_ < 50'000'000) return;
  lastSentNs_ = now;
  std::array<char, sizeof done> body{};
  std::memcpy(body.data(), &done, sizeof done);
  send(fd_, kProgressMessage, body.data(), body.size());
}

std::vector<JobOutcome> runJobs(const std::vector<Job>& jobs, const PoolOptions& options) {
  std::vector<JobOutcome> outcomes(jobs.size());
  std::vector<Child> running;
  std::size_t next = 0;
  bool toldToStop = false;
  bool killed = false;

  const auto settle = [&](std::size_t job, JobOutcome outcome) {
    outcomes[job] = std::move(outcome);
    if (options.onDone) options.onDone(job, outcomes[job]);
  };

  while (next < jobs.size() || !running.empty()) {
    if (StopSignals::received()) {
      next = jobs.size();
      if (!toldToStop) {
        for (const Child& child : running) ::kill(child.pid, SIGINT);
        toldToStop = true;
      }
      if (StopSignals::insisted() && !killed) {
        for (const Child& child : running) ::kill(child.pid, SIGKILL);
        killed = true;
      }
    }
    while (next < jobs.size() &&
           running.size() < static_cast<std::size_t>(std::max(1, options.parallel))) {
      std::string failure;
      if (auto child = start(next, jobs[next], &failure)) {
        running.push_back(std::move(*child));
      } else if (!running.empty()) {
        break;  // no pipe or process to be had: one that ends makes room for this one
      } else {
        settle(next, JobOutcome{JobOutcome::Kind::failed, {}, failure});
      }
      ++next;
    }
    if (running.empty()) continue;

    std::vector<pollfd> fds;
    for (const Child& child : running) fds.push_back(pollfd{child.fd, POLLIN, 0});
    if (::poll(fds.data(), fds.size(), kPollTimeout) <= 0) continue;
    for (std::size_t i = running.size(); i-- > 0;) {
      if (fds[i].revents == 0 || receive(running[i], options)) continue;
      settle(running[i].job, finish(running[i]));
      running.erase(running.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  return outcomes;
}

}  // namespace callflow::cli
