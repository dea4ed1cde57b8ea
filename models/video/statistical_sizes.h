// Frames by the statistical model of RFC 8593 5.1 to 5.4, with its defaults: sizes and intervals
// spread about their mean, and after a key frame or a great change of rate there is a burst.
#pragma once

#include <cstdint>

#include "models/fabric/random.h"
#include "src/units/units.h"

namespace callflow::video {

// Draws from the random stream "rfc8593-frames".
class StatisticalSizes {
 public:
  explicit StatisticalSizes(std::uint64_t draws);

  // Followed a reaction time later, the latest of all that came until then.
  void setRate(DataRate rate, TimePoint now);
  // Of the next frame, of so many a second; with `key` it begins a burst.
  DataSize next(TimePoint now, double framesPerSecond, bool key);
  // From one frame to the next.
  Duration interval(double framesPerSecond);

 private:
  void follow(TimePoint now);
  double laplace();  // of mean 0 and scale 1

  fabric::RandomStream random_;
  double rate_ = 0, asked_ = 0;  // bit/s
  TimePoint change_ = TimePoint::max();
  int burst_ = 0;  // frames of it, this one included
};

}  // namespace callflow::video
