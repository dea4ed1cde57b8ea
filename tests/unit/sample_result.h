// Results made by hand, for the tests of what stands behind a simulation.
#pragma once

#include "src/results/result.h"

namespace callflow::test {

// Two variants, `udp-open` and `tcp-only`, of a call of 60 s: two streams, six windows, run 1
// traced. Run r of udp-open has MOS 4.00 + 0.01 r, of tcp-only 3.00 + 0.02 r.
results::Result sampleResult(int runs = 10);

// Alice sends three packets, the second is lost once: variants `udp` and `tcp`, times in the
// founding example's round numbers (15 ms a leg, 5 ms of retransmission time-out beyond 200).
results::Result threePackets();

}  // namespace callflow::test
