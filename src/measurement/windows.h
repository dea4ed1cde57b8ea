// Packets to rows: what each span of time had of delay and loss.
#pragma once

#include "src/measurement/measurement.h"

namespace callflow::measurement {

// A row for each `step` from the first packet on: delay is the median of half of its round trips,
// loss what each way loses if both lose alike and so many packets stay without an answer. Halves,
// because a round trip does not say how much of it was there and how much back. What is known to
// be lost on one way (Probes::bothWays) is its loss as it is. Where no packet was answered the
// delay stays as before.
// A step in which nothing was sent has no row: the one before holds.
Result<Measurement> inWindows(const Probes& probes, Duration step);

}  // namespace callflow::measurement
