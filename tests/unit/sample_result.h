// Results made by hand, for the tests of what stands behind a simulation.
#pragma once

#include "src/results/result.h"

namespace callflow::test {

// Two variants, `udp-open` and `tcp-only`, of a call of 60 s: two streams, six windows, run 1
// traced. Run r of udp-open has MOS 4.00 + 0.01 r, of tcp-only 3.00 + 0.02 r.
results::Result sampleResult(int runs = 10);

// Variants `udp` and `tcp` over loss 0%, 1%, 2% and rtt 20 ms, 100 ms. Run r of `udp` in cell (i,
// j) has MOS 4.0 - 0.1 i + 0.02 r, of `tcp` 4.0 - 0.3 i - 0.2 j + 0.02 r. Only the cell loss 1%,
// rtt 100 ms keeps distributions, and its run 1 is traced.
results::Result sweptResult();

// Alice sends three packets, the second is lost once: variants `udp` and `tcp`, times in the
// founding example's round numbers (15 ms a leg, 5 ms of retransmission time-out beyond 200).
results::Result threePackets();

}  // namespace callflow::test
