// The line on stderr that says how far the simulations are.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>

#include "src/units/units.h"

namespace callflow::cli {

struct ProgressState {
  int runsDone = 0;
  int runsTotal = 0;
  int runsFailed = 0;
  Duration simulated;       // over all runs
  Duration simulatedTotal;  // when all are done
};

// "[####----------------]  4/20 runs, 262 s of 1300 s simulated, 131x real time, 8 s left"; time
// left only once there is something to extrapolate from.
std::string progressText(const ProgressState& state, std::chrono::nanoseconds wall);

// On a terminal: one line, drawn again at most 10 times a second. Elsewhere: a line at each 10 %,
// at least 10 s apart, so that short runs print nothing and logs stay short.
class ProgressLine {
 public:
  ProgressLine(std::FILE* out, bool quiet);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void update(const ProgressState& state);
  // Removes the line, so that what is printed next stands alone.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  std::FILE* out_;
  bool quiet_;
  bool terminal_;
  bool drawn_ = false;
  Clock::time_point begin_;
  Clock::time_point lastDrawn_;
  std::int64_t nextTenth_ = 1;
};

}  // namespace callflow::cli
