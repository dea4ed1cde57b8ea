// How much more an encoder makes than it was told.
#pragma once

#include <deque>
#include <optional>

#include "src/units/units.h"

namespace callflow::video {

// As a line of the target's rate sees it (libwebrtc: encoder_overshoot_detector.cc): a frame counts
// as too large where the line has not sent those before it yet. So a large frame costs nothing if
// there is none after it for as long as it takes.
class LineOvershoot {
 public:
  // Of the frames that are counted here; their rate a second may be a part of all.
  void setTarget(DataRate target, double framesPerSecond, TimePoint now);
  void onFrame(DataSize size, TimePoint now);
  // Mean factor over three seconds, 1 or more; none without frames.
  std::optional<double> factor(TimePoint now);

 private:
  struct Sample {
    TimePoint at;
    double factor;
  };
  void drain(TimePoint now);

  double target_ = 0;  // bit/s
  double framesPerSecond_ = 0;
  double waiting_ = 0;  // bits
  TimePoint drained_;
  std::deque<Sample> samples_;
  double sum_ = 0;
};

// As a meter of rate sees it (libwebrtc: rate_utilization_tracker.cc): what came over what it was
// told, over three seconds and at most 100 points.
class MeanOvershoot {
 public:
  void setTarget(DataRate target, TimePoint now);
  void onFrame(DataSize size, TimePoint now);
  std::optional<double> factor(TimePoint now) const;

 private:
  struct Point {
    TimePoint at;
    double target;  // bit/s from then on
    double bits;    // made then
  };
  void cull(TimePoint now);

  std::deque<Point> points_;
  double target_ = 0;
};

}  // namespace callflow::video
