// Leaves out pictures so that at most so many a second remain, evenly (libwebrtc:
// framerate_controller.cc).
#pragma once

#include <optional>

#include "src/units/units.h"

namespace callflow::video {

class FrameThinner {
 public:
  // Whether this one remains, at so many frames a second.
  bool keeps(TimePoint captured, int framesPerSecond);

 private:
  std::optional<TimePoint> next_;  // when one is due
};

}  // namespace callflow::video
