// The constants of SCReAM (RFC 8298 4.1.1.1), by the names that it gives them.
#pragma once

#include <cstddef>

#include "src/units/units.h"

namespace callflow::scream {

struct Parameters {
  Duration leastDelayTarget = Duration::ms(100);  // QDELAY_TARGET_LO
  Duration mostDelayTarget = Duration::ms(400);   // QDELAY_TARGET_HI
  double delayWeight = 0.1;                       // QDELAY_WEIGHT
  double trendLimit = 0.2;                        // QDELAY_TREND_TH: incipient congestion
  DataSize leastWindow = DataSize::bytes(3000);   // MIN_CWND, and where it starts
  double inFlightHeadroom = 1.1;                  // MAX_BYTES_IN_FLIGHT_HEAD_ROOM
  double gain = 1.0;                              // GAIN
  double windowAfterLoss = 0.8;                   // BETA_LOSS
  double rateAfterLoss = 0.9;                     // BETA_R
  DataSize segment = DataSize::bytes(1000);       // MSS
  Duration rateInterval = Duration::ms(200);      // RATE_ADJUST_INTERVAL
  DataRate least = DataRate::kbps(150);           // TARGET_BITRATE_MIN; of the demand, if any
  DataRate most = DataRate::kbps(1500);           // TARGET_BITRATE_MAX; of the demand, if any
  DataRate rampUp = DataRate::kbps(200);          // RAMP_UP_SPEED: in a second
  double preCongestionGuard = 0.1;                // PRE_CONGESTION_GUARD
  double waitingFactor = 1.0;                     // TX_QUEUE_SIZE_FACTOR
  Duration waitingLimit = Duration::ms(20);       // RTP_QDELAY_TH
  double rateWhileWaiting = 0.95;                 // TARGET_RATE_SCALE_RTP_QDELAY
  double calmTrend = 0.2;                         // QDELAY_TREND_LO
  Duration calm = Duration::s(5);                 // T_RESUME_FAST_INCREASE
  DataRate leastPacing = DataRate::kbps(50);      // RATE_PACE_MIN

  Duration inFlightMemory = Duration::s(5);      // section 4.1.2.2
  Duration fractionInterval = Duration::ms(50);  // section 4.1.1.2: qdelay_fraction_hist
  std::size_t fractions = 20;

  // Section 4.1.2.3 lets it be turned off. So does the authors' code, which found that a flow takes
  // its own queue for another's.
  bool competingFlows = false;

  // Not in the RFC, but in the authors' code (EricssonResearch/scream).
  Duration firstRoundTrip = Duration::ms(20);  // until there is one
  Duration longestWaiting =
      Duration::ms(100);         // what waits longer is not sent; here: no frame made
  double lossRateWeight = 0.01;  // of loss_event_rate, per round trip
};

}  // namespace callflow::scream
