// What became of the packet that a traced frame was sent in, whatever else brought its sound.
#pragma once

#include "src/metrics/run_record.h"

namespace callflow::metrics {

// Its sound came with the packet after it (in-band FEC, RED): it never came itself.
inline bool isRecovered(const FrameTrace& frame) {
  return frame.received != TimePoint::max() && frame.arrived == TimePoint::max();
}

// It came, perhaps when its sound had been heard from the packet after it.
inline bool hasCome(const FrameTrace& frame) {
  return frame.received != TimePoint::max() && !isRecovered(frame);
}

// As `one_way_delay` has it: over TCP until it was handed on in order. Zero if it never came.
inline Duration packetDelay(const FrameTrace& frame) {
  if (!hasCome(frame)) return {};
  return (frame.arrived > frame.received ? frame.arrived : frame.received) - frame.sent;
}

}  // namespace callflow::metrics
