// When a frame of a certain time of capture is to be expected: a line through the arrivals so far,
// by recursive least squares, which also finds how fast the sender's clock runs. libwebrtc's
// TimestampExtrapolator.
#pragma once

#include <cstdint>
#include <optional>

#include "src/units/units.h"

namespace callflow::video_receiver {

class TimeExtrapolator {
 public:
  explicit TimeExtrapolator(TimePoint start) { reset(start); }
  void reset(TimePoint start);
  void update(TimePoint captured, TimePoint arrived);
  // Nothing before the first frame.
  std::optional<TimePoint> expected(TimePoint captured) const;

 private:
  TimeExtrapolator() = default;
  bool isOutlier(double off);
  bool hasShifted(double off);

  TimePoint start_;
  TimePoint lastArrived_;
  std::optional<TimePoint> firstCaptured_;
  TimePoint lastCaptured_;
  std::int64_t frames_ = 0;
  // Ticks of 90 kHz from the first frame's capture = rate * ms from start_ + offset.
  double rate_ = 0;
  double offset_ = 0;
  // Covariance of the two.
  double rateVariance_ = 0;
  double covariance_ = 0;
  double offsetVariance_ = 0;
  // How far frames are off the line, in ticks.
  double offMean_ = 0;
  double offVariance_ = 0;
  int outliers_ = 0;  // in a row
  double early_ = 0;
  double late_ = 0;
};

}  // namespace callflow::video_receiver
