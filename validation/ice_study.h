// The experiments of chromium_ice.csv: two clients behind boxes who find a path to each other, keep
// it or lose it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/units/units.h"

namespace callflow::validation {

// What was set up.
struct IceCondition {
  std::string id;
  bool relayTcp = false;   // the relay listens on TCP 443
  bool relayOnly[2] = {};  // by side
  bool restarts = false;
  Duration signaling, delay;
  bool sameNat = false, carrierForBoth = false, turn = true;
  std::string nat[2], carrier, firewall[2], event;
};

// What one side saw, measured or simulated. Types as in "srflx"; empty without a pair at the end.
struct IceFigures {
  std::string local, remote, relay;
  std::optional<double> gathered, iceConnected, dtlsConnected, failed, firstMedia;  // ms
  std::optional<double> silence;  // s, after the event; infinite: media did not come back
  std::vector<std::pair<double, std::string>> states;  // after the event: s, connectionState
};

struct IceRow {
  IceCondition condition;
  int side = 0;  // 0: A
  IceFigures measured;
};

// Throws InputError.
std::vector<IceRow> readIce(const std::string& path);

// The scenario that callflow runs for it, with what happens in mid-call at this time.
std::string scenarioOf(const IceCondition& condition, Duration when);

struct IceOutcome {
  IceFigures sides[2];
};
IceOutcome simulateIce(const IceCondition& condition, int seed);

// What is held against the measurement, and whether it is met.
struct IceBar {
  std::string name;
  std::string measured, simulated;  // for people
  bool met = false;
};
std::vector<IceBar> judgeIce(const IceRow& row, const IceFigures& simulated);

}  // namespace callflow::validation
