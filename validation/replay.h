// Replays measured losses: the segments that were dropped in a measured run are dropped in a
// simulated one, so that single repairs can be compared.
#pragma once

#include <string>
#include <vector>

#include "validation/emulator.h"
#include "validation/measured.h"

namespace callflow::validation {

struct MeasuredLoss {
  Duration when;  // since the first packet was due
  Duration firstRetransmission;
  Duration recovered;
  int tries = 0;
};

struct MeasuredRun {
  Condition condition;
  std::string seed;
  std::vector<MeasuredLoss> losses;
};

// One row a lost segment, as in linux_tcp_losses.csv. Throws InputError.
std::vector<MeasuredRun> readLosses(const std::string& path);

struct Comparison {
  MeasuredLoss measured;
  SegmentLoss simulated;
};

// In the order of time, up to the first measured loss that the simulated run has no segment for
// (none sent within 5 ms of it): from there on the two runs are different ones.
struct Replay {
  std::vector<Comparison> pairs;
  bool whole = true;
};

// Forward direction only. Losses of acknowledgements are not known, so none is lost.
Replay replay(const MeasuredRun& run, Model model);

// Prints a line a run, and for each the first `most` losses whose repair differs by more than the
// tick of the kernel's timers.
void printReplays(const std::vector<MeasuredRun>& runs, Model model, std::size_t most);

}  // namespace callflow::validation
