// Whether delay grows: the slope of a line through the last twenty sums of delay variation, against
// a threshold that adapts (libwebrtc's trendline_estimator.cc; the threshold: Carlucci and others,
// Analysis and Design of the Google Congestion Control for WebRTC, MMSys 2016, and
// draft-ietf-rmcat-gcc-02 5.4).
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "models/gcc/packet_groups.h"
#include "models/gcc/usage.h"
#include "src/units/units.h"

namespace callflow::gcc {

class Trendline {
 public:
  // `received`: when the packet came that completed the group.
  void add(const GroupDelta& delta, TimePoint received);

  Usage usage() const { return usage_; }
  double threshold() const { return threshold_; }  // ms

 private:
  static constexpr std::size_t kWindow = 20;

  struct Point {
    double at = 0;     // ms since the first
    double delay = 0;  // ms, smoothed
  };

  double slope() const;
  void judge(double slope, double sinceLast, double now);
  void adapt(double trend, double now);

  std::array<Point, kWindow> points_{};
  std::size_t filled_ = 0, next_ = 0;

  int deltas_ = 0;
  std::optional<double> first_;  // ms, of the receiver's clock
  double sum_ = 0, smoothed_ = 0;
  double lastSlope_ = 0;

  double threshold_ = 12.5;         // ms
  std::optional<double> adapted_;   // when
  std::optional<double> overused_;  // for how long, ms
  int overuses_ = 0;
  Usage usage_ = Usage::normal;
};

}  // namespace callflow::gcc
