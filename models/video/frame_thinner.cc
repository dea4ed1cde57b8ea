#include "models/video/frame_thinner.h"

namespace callflow::video {

bool FrameThinner::keeps(TimePoint captured, int framesPerSecond) {
  const Duration interval = Duration::fromSeconds(1.0 / framesPerSecond);
  // A camera that stood still begins anew.
  if (next_ && captured - *next_ < interval * 2) {
    if (captured < *next_) return false;
    next_ = *next_ + interval;
    return true;
  }
  // The first leaves room for its jitter.
  next_ = captured + interval / 2;
  return true;
}

}  // namespace callflow::video
