// Runs jobs side by side, each in a process of its own. ns-3 is a global singleton whose random
// streams drift within a process, so a run must have a process to itself; and a run that crashes
// must not take the others with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace callflow::cli {

// What a job sees of its parent. (When to stop it sees in StopSignals::flag().)
class ChildLink {
 public:
  explicit ChildLink(int fd) : fd_(fd) {}
  // Tells how far the job is, in units of the caller's choice. Cheap: most calls send nothing.
  void report(std::int64_t done);

 private:
  int fd_;
  std::int64_t lastSentNs_ = 0;
};

struct JobOutcome {
  enum class Kind {
    done,       // the job returned; `payload` holds what
    failed,     // the job threw or its process crashed; `failure` says how
    notStarted  // stopped by a signal before its turn
  };
  Kind kind = Kind::notStarted;
  std::string payload;
  std::string failure;  // "signal 11 (Segmentation fault)", "exit code 3", or an exception's text
};

// Runs in the child; what it returns goes to the parent.
using Job = std::function<std::string(ChildLink&)>;

struct PoolOptions {
  int parallel = 1;  // processes at a time, at least 1
  std::function<void(std::size_t job, std::int64_t done)> onProgress;
  std::function<void(std::size_t job, const JobOutcome&)> onDone;  // in order of completion
};

// Outcomes in the order of `jobs`, whatever the order of completion. On SIGINT or SIGTERM (the
// caller holds a StopSignals) starts no more jobs and lets the running ones stop; on a second
// signal kills them. Must be called from a process without other threads.
std::vector<JobOutcome> runJobs(const std::vector<Job>& jobs, const PoolOptions& options);

}  // namespace callflow::cli
