// The constants of NADA (RFC 8698, figure 3), by the names that it gives them.
#pragma once

#include <cstddef>

#include "src/units/units.h"

namespace callflow::nada {

struct Parameters {
  double priority = 1.0;                        // PRIO: weight of the flow
  DataRate least = DataRate::kbps(150);         // RMIN, and where it starts; of the demand, if any
  DataRate most = DataRate::kbps(1500);         // RMAX; of the demand, if any
  Duration referenceSignal = Duration::ms(10);  // XREF
  double scaling = 0.5;                         // KAPPA
  double damping = 2.0;                         // ETA
  Duration roundTripBound = Duration::ms(500);  // TAU
  Duration feedbackInterval = Duration::ms(100);  // DELTA: aimed at

  Duration window = Duration::ms(500);        // LOGWIN: what is recent
  Duration noQueueing = Duration::ms(10);     // QEPS: below it no queue builds up
  Duration filtering = Duration::ms(120);     // DFILT: bound of what filters delay
  double fastestGrowth = 0.5;                 // GAMMA_MAX
  Duration selfInflicted = Duration::ms(50);  // QBOUND: queueing that growing may cause

  double lossMemory = 7.0;                       // MULTILOSS: mean intervals of loss
  Duration warpingThreshold = Duration::ms(50);  // QTH
  double warping = 0.5;                          // LAMBDA
  double referenceLoss = 0.01;                   // PLRREF
  Duration lossPenalty = Duration::ms(10);       // DLOSS: at PLRREF
  double lossSmoothing = 0.1;                    // ALPHA
  std::size_t delayFilter = 15;  // samples of the minimum filter, sections 5.1 and 6.2

  double framesPerSecond = 30;  // FPS
  double videoShare = 0.1;      // BETA_V: of what waits, taken off the encoder
  double sendingShare = 0.1;    // BETA_S: and added to the sending rate
  double shapingBound = 0.05;   // of the rate, at most: section 5.2.2

  // Not in the RFC, but in its authors' simulation model (ns3-rmcat).
  Duration strongestSignal = Duration::ms(500);  // XMAX
};

}  // namespace callflow::nada
