// Video that stands still, in points: callflow's own rule of thumb, no Recommendation's.
#pragma once

#include "src/units/units.h"

namespace callflow::quality {

// G.1070 sees no freezes, and where TCP carries the video they are all that goes wrong. Here each
// frozen second takes the same share of what is above 1: 1 + (Vq - 1) exp(-frozen / Fc). Two
// published findings give an Fc each; what is true lies between or beside them, and so both are
// given, never one.
struct FreezeScore {
  // By van Kester et al. (SPIE 7865, 2011): 0.36 s of freeze in a clip are just acceptable, at
  // 3.5; taken to be 4.0 without.
  double strict = 1;
  // By the example of Video Call MOS (ICASSP 2023): one freeze of about 1 s, judged 2.95, where
  // what was coded is worth 3.52.
  double lenient = 1;
};

// `frozen`: in a stretch as long as the clips of these tests, 10 to 20 s; of a call take the mean
// over such stretches. `vq` of the stretch, 1 to 5.
FreezeScore freezeScore(double vq, Duration frozen);

}  // namespace callflow::quality
