// Calls and others on one Wi-Fi channel: what ns-3's Wi-Fi made of them, and the same simulated.
#pragma once

#include <string>
#include <vector>

#include "src/units/units.h"

namespace callflow::validation {

// One row of validation/data/ns3_wifi.csv.
struct WifiCondition {
  std::string standard;  // "802.11g"
  DataRate rate;         // of data frames
  bool low = false;      // 2.4 GHz
  int others = 0;        // stations sending to the access point as best effort
  double otherRate = 0;  // bit/s of UDP payload of each; 0: always more to send
  int otherPayload = 0;  // bytes
  std::string category;  // of the calls' packets: BK, BE, VI, VO
  int calls = 0;         // stations with 50 packets/s each way
  int audioPayload = 0;  // bytes
  double frameLoss = 0;
  double seconds = 0;  // measured
  bool aggregates = false;

  std::string inWords() const;
};

// Throughput in Mbit/s of UDP payload; delays of the calls' packets in ms, lost ones left out.
struct WifiFigures {
  double throughput = 0;
  double upMean = 0, upP95 = 0, upLoss = 0;
  double downMean = 0, downP95 = 0, downLoss = 0;
};

struct WifiRow {
  WifiCondition condition;
  WifiFigures ns3;
};

// Throws InputError: `file:line: what is wrong`.
std::vector<WifiRow> readWifi(const std::string& path);

// The mean of `seeds` runs. Uses ns-3's simulator, which must not be in use.
WifiFigures simulateWifi(const WifiCondition& condition, int seeds);

// The bar of a figure: within `relative` of ns-3's or `absolute`, whichever is more.
struct WifiBar {
  const char* name;
  double WifiFigures::*figure;
  double relative, absolute;
};
// Those that a condition has figures for.
std::vector<WifiBar> wifiBars(const WifiCondition& condition);
bool met(const WifiBar& bar, const WifiFigures& ns3, const WifiFigures& simulated);

}  // namespace callflow::validation
