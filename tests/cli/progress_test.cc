#include "src/cli/progress.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <string>

namespace callflow::cli {
namespace {

using namespace std::chrono_literals;

TEST_CASE("the progress line says simulated time, rate and time left") {
  ProgressState state;
  state.runsDone = 4;
  state.runsTotal = 20;
  state.simulated = Duration::s(300);
  state.simulatedTotal = Duration::s(1200);
  // 300 s in 2 s is 150 times real time; the 900 s left take three times as long as what was done.
  CHECK(progressText(state, 2s) ==
        "[#####---------------] 4/20 runs, 300 s of 1200 s simulated, 150x real time, 6 s left");
  state.runsFailed = 1;
  CHECK(progressText(state, 2s) ==
        "[#####---------------] 4/20 runs, 300 s of 1200 s simulated, 150x real time, 6 s left, 1 "
        "failed");
}

TEST_CASE("before anything is simulated there is no rate and no time left") {
  ProgressState state;
  state.runsTotal = 2;
  state.simulatedTotal = Duration::s(60);
  CHECK(progressText(state, 1s) == "[--------------------] 0/2 runs, 0 s of 60 s simulated");
}

TEST_CASE("a file gets no progress lines in the first ten seconds, and no escape codes") {
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  {
    ProgressLine line(file, false);
    ProgressState state;
    state.runsTotal = 1;
    state.simulatedTotal = Duration::s(10);
    for (int i = 0; i <= 10; ++i) {
      state.simulated = Duration::s(i);
      line.update(state);
    }
  }
  CHECK(std::ftell(file) == 0);
  std::fclose(file);
}

}  // namespace
}  // namespace callflow::cli
