// How long frames should wait so that few are late: libwebrtc's JitterEstimator. The largest frame
// takes longer than the mean one by its size over the line's rate (which a Kalman filter finds),
// and the rest is noise, of which so many deviations are allowed for.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "models/video_receiver/kalman_filter.h"
#include "models/video_receiver/round_trip_filter.h"
#include "src/units/units.h"

namespace callflow::video_receiver {

class JitterEstimator {
 public:
  // A frame none of whose packets was asked for again, and the change of its delay.
  void update(Duration delayChange, DataSize frame, TimePoint now);
  // One of which some were.
  void onRetransmittedFrame(TimePoint now);
  void onRoundTrip(Duration roundTrip) { roundTrip_.update(roundTrip); }
  Duration estimate(TimePoint now);

 private:
  void learnSizes(double size);
  // What the line does not explain of a frame's delay.
  void learnNoise(Duration noise, TimePoint now);
  Duration byFilters();
  double framesPerSecond() const;

  // Bytes.
  double meanSize_ = 500;
  double largestSize_ = 500;
  double sizeVariance_ = 100;
  double firstSizes_ = 0;  // sum of those that the mean starts from
  int sizes_ = 0;
  std::optional<double> lastSize_;

  KalmanFilter kalman_;
  double noiseMeanMs_ = 0;
  double noiseVariance_ = 4;  // ms squared
  int noises_ = 1;
  std::optional<TimePoint> lastNoise_;

  // Time from each frame of which noise was learnt to the next.
  static constexpr std::size_t kIntervals = 30;
  std::array<Duration, kIntervals> intervals_;
  std::size_t intervalCount_ = 0;
  std::size_t nextInterval_ = 0;
  Duration intervalSum_;

  int starting_ = 0;  // frames so far, up to where estimates are kept
  Duration kept_;     // the estimate of the last frame that was taken
  std::optional<Duration> last_;
  int retransmitted_ = 0;  // frames, up to what counts
  TimePoint lastRetransmitted_;
  RoundTripFilter roundTrip_;
};

}  // namespace callflow::video_receiver
