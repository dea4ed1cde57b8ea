// Audio through tunnels and beside TCP transfers: what was measured, and the same simulated.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/units/units.h"

namespace callflow::validation {

// One row of validation/data/tunnels_and_uploads.csv.
struct TunnelCondition {
  std::string id, phase;  // before, beside, all
  bool mediaOverTcp = false;
  std::string vpn;  // openvpn-udp, openvpn-tcp; empty: none
  bool vpnNoDelay = false;
  Duration oneWayDelay;
  Ratio loss;
  std::optional<DataRate> rate;  // of the router's token bucket
  Duration queue;
  int transfers = 0;
  std::string congestion;  // of the transfers
};

// What is compared: delays in ms of delivered packets, shares of delivered packets that came later
// than one-way delay + 40, 100 and 200 ms.
struct TunnelFigures {
  double p50 = 0, p90 = 0, p95 = 0, p99 = 0;
  double loss = 0, late40 = 0, late100 = 0, late200 = 0;
};

struct TunnelRow {
  TunnelCondition condition;
  TunnelFigures measured;
};

// Throws InputError: `file:line: what is wrong`.
std::vector<TunnelRow> readTunnels(const std::string& path);

// What the median of `seeds` runs comes to. Uses ns-3's simulator, which must not be in use.
TunnelFigures simulateTunnel(const TunnelCondition& condition, int seeds);

// The bar of a figure: within `relative` of the measured value or `absolute`, whichever is more.
struct TunnelBar {
  const char* name;
  double TunnelFigures::*figure;
  double relative, absolute;
};
const std::vector<TunnelBar>& tunnelBars();
bool met(const TunnelBar& bar, const TunnelFigures& measured, const TunnelFigures& simulated);

}  // namespace callflow::validation
