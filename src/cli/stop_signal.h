// SIGINT and SIGTERM as a flag that long work looks at, so that it can end with what it has.
#pragma once

#include <atomic>
#include <csignal>

namespace callflow::cli {

// While one of these lives, SIGINT and SIGTERM only set the flag. Child processes inherit it.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // True once a signal came. Lives as long as the program.
  static const std::atomic<bool>& flag();
  static bool received() { return flag().load(); }
  // True from the second signal on: the user does not want to wait.
  static bool insisted();
  // 130 or 143 for the first signal that came, or 0.
  static int exitCode();

 private:
  struct sigaction oldInterrupt_ {};
  struct sigaction oldTerminate_ {};
};

}  // namespace callflow::cli
