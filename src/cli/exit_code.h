// What the exit status of callflow says. Part of the interface: scripts branch on it.
#pragma once

namespace callflow::cli {

enum ExitCode : int {
  exitFine = 0,
  exitInternalError = 1,  // a fault of callflow itself
  exitBadInput = 2,       // wrong usage, or a file that is wrong
  exitExpectation = 3,    // an `expect:` of a scenario does not hold
  exitRequirement = 3,    // check found an error: what the documents require is not there
  exitRegression = 4,     // compare --fail-on-regression found one
  exitRunsFailed = 5,     // some runs failed, or a call that is not expected to fail did
  exitNoRoom = 5,         // no space left for what was to be written; what was there is untouched
  exitInterrupted = 130,  // SIGINT
  exitTerminated = 143,   // SIGTERM
};

}  // namespace callflow::cli
