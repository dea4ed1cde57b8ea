// A measured video call, simulated.
#pragma once

#include <array>

#include "src/topology/scenario.h"
#include "validation/video_rows.h"

namespace callflow::validation {

// Goes through a pipe between processes: plain bytes.
struct SimulatedVideo {
  struct Stream {
    std::size_t seconds = 0;
    std::array<VideoSecond, kMostVideoSeconds> series;
  };
  std::array<Stream, 2> streams;          // downlink, uplink
  double otherRate = VideoSecond::kNone;  // kbit/s that TCP beside the call got
  VideoSeries seriesOf(bool uplink) const;
};

// `base` is the call of the measurement, whose line and path are set for the condition.
topology::Case videoCase(const topology::Case& base, const VideoCondition& condition);
// Throws std::runtime_error if the call did not connect.
SimulatedVideo simulateVideo(const topology::Scenario& scenario, const VideoCondition& condition,
                             int seed);

}  // namespace callflow::validation
