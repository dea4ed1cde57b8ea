// What of the change in frames' delay their size explains: libwebrtc's
// FrameDelayVariationKalmanFilter.
#pragma once

#include "src/units/units.h"

namespace callflow::video_receiver {

// Fits change in delay = slope * change in size + offset, frame by frame.
class KalmanFilter {
 public:
  // Sizes in bytes, which are means and no whole numbers; `variance` of what the line does not
  // explain, in ms squared.
  void update(Duration delayChange, double sizeChange, double largestFrame, double variance);
  // What the line says.
  Duration bySize(double sizeChange) const {
    return Duration::fromSeconds(slope_ * sizeChange / 1e3);
  }
  Duration total(double sizeChange) const {
    return Duration::fromSeconds((slope_ * sizeChange + offset_) / 1e3);
  }

 private:
  // libwebrtc, frame_delay_variation_kalman_filter.cc: 512 kbit/s at first, in ms a byte as it has
  // them (a factor of 1000 is missing there).
  double slope_ = 1 / 64e3;
  double offset_ = 0;
  // Covariance of the two.
  double slopeVariance_ = 1e-4;
  double covariance_ = 0;
  double offsetVariance_ = 1e2;
};

}  // namespace callflow::video_receiver
