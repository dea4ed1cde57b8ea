// What a pacer holds, and what leaves it: handles to packets that their owner keeps.
#pragma once

#include <cstdint>

#include "models/congestion/feedback.h"
#include "src/units/units.h"

namespace callflow::pacing {

// In the order in which they leave (libwebrtc, modules/pacing/prioritized_packet_queue.cc).
enum class Priority : std::uint8_t {
  audio,           // at once, whatever the rate
  retransmission,  // before what is new
  media,           // video, and redundancy for it
  padding,         // not a packet: so much padding is asked for
};

struct Outgoing {
  std::uint64_t token = 0;  // its owner's name for it
  DataSize size;
  TimePoint queued;
  int stream = 0;                        // from 0, without great gaps
  int cluster = congestion::kNoCluster;  // as it leaves: the probe that it is part of
  Priority priority = Priority::media;
};

}  // namespace callflow::pacing
