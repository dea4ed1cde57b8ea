// Many simulations, some at a time, each in a process: ns-3's simulator is one of a process, and
// its random streams are best started afresh.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace callflow::validation {

// Gives perform(0) ... perform(count - 1), each worked out in one of `jobs` processes. Throws
// std::runtime_error if one of them dies.
template <class Outcome, class Perform>
std::vector<Outcome> inProcesses(std::size_t count, std::size_t jobs, const Perform& perform) {
  static_assert(std::is_trivially_copyable_v<Outcome>);
  jobs = std::clamp<std::size_t>(jobs, 1, std::max<std::size_t>(count, 1));
  std::vector<pid_t> children;
  std::vector<int> pipes;
  for (std::size_t job = 0; job < jobs; ++job) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("no process");
    if (child == 0) {
      close(ends[0]);
      try {
        for (std::size_t i = job; i < count; i += jobs) {
          const Outcome outcome = perform(i);
          if (write(ends[1], &outcome, sizeof outcome) != sizeof outcome) _exit(1);
        }
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        _exit(1);
      }
      _exit(0);
    }
    close(ends[1]);
    children.push_back(child);
    pipes.push_back(ends[0]);
  }
  std::vector<Outcome> outcomes(count);
  bool whole = true;
  for (std::size_t i = 0; i < count && whole; ++i) {
    auto* into = reinterpret_cast<char*>(&outcomes[i]);
    std::size_t left = sizeof(Outcome);
    while (left > 0 && whole) {
      const ssize_t got = read(pipes[i % jobs], into, left);
      whole = got > 0;
      if (whole) {
        into += got;
        left -= static_cast<std::size_t>(got);
      }
    }
  }
  for (std::size_t job = 0; job < jobs; ++job) {
    close(pipes[job]);
    int status = 0;
    waitpid(children[job], &status, 0);
    whole = whole && status == 0;
  }
  if (!whole) throw std::runtime_error("a simulation died");
  return outcomes;
}

}  // namespace callflow::validation
