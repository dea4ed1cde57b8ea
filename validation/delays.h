// From the delays of packets to the columns of a measurement, by the measurement's own definitions.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "src/units/units.h"
#include "validation/columns.h"

namespace callflow::validation {

// One packet of media. Times since the first packet was due.
struct PacketFate {
  Duration sent;
  std::optional<Duration> delivered;  // to the application; none: lost
  bool endsFrame = true;
  Duration frameStart;  // when the first packet of its frame was due
};

// The value of rank floor(share * n), ranks from 0: the definition of the measurements. NaN of
// nothing. `sorted` ascends.
double rankPercentile(std::span<const double> sorted, double share);

// Lengths of the maximal runs of consecutive packets that were delivered later than `oneWayDelay` +
// 5 ms: the largest excess over `oneWayDelay` in each, in ms, in the order of time. A packet that
// was not delivered ends a run.
std::vector<double> stallLengths(std::span<const PacketFate> packets, Duration oneWayDelay);

// Share of all packets that were delivered later than `oneWayDelay` + `late`.
double lateShare(std::span<const PacketFate> packets, Duration oneWayDelay, Duration late);

// All columns from n_sent to frame_p99. `packets` in the order of sending.
void summarizeDelays(std::span<const PacketFate> packets, Duration oneWayDelay, Duration length,
                     Values& values);

// A data segment whose first copy was lost: how long until the next copy was on the wire, and until
// the first one that got through.
struct LostSegment {
  Duration firstRetransmission;
  Duration recovered;
};

// lost_segs, first_retx_* and recov_*.
void summarizeLosses(std::span<const LostSegment> losses, Values& values);

}  // namespace callflow::validation
