// By how much a frame's size differs from what its encoder meant it to be.
#pragma once

#include <cstdint>

#include "models/fabric/random.h"

namespace callflow::video {

// Spread (standard deviation over mean) and correlation of one frame with the next, by the share
// of the saturating rate that a stream has: traces of Firefox and OpenH264 on a talking head
// ("chat_firefox_h264" of cisco/syncodecs).
double spreadAt(double use);
double correlationAt(double use);

// A factor a frame, 1 in the mean, log-normal, each like the one before. Draws from the random
// stream "video-frames".
class FrameNoise {
 public:
  explicit FrameNoise(std::uint64_t draws);
  double next(double use);

 private:
  double normal();

  fabric::RandomStream random_;
  double state_ = 0;
};

}  // namespace callflow::video
