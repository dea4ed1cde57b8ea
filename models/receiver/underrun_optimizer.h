// How much delay keeps the buffer from running empty.
#pragma once

#include <optional>

#include "models/receiver/forgetting_histogram.h"
#include "models/receiver/neteq_parameters.h"
#include "src/units/units.h"

namespace callflow::receiver {

// libwebrtc, modules/audio_coding/neteq/underrun_optimizer.cc: a quantile of the largest relative
// delay in each interval (or of every one, if the interval is zero), in steps of 20 ms.
class UnderrunOptimizer {
 public:
  explicit UnderrunOptimizer(const NetEqParameters& parameters)
      : interval_(parameters.resampleInterval),
        quantile_(parameters.quantile),
        histogram_(parameters.forgetFactor, parameters.startForgetWeight) {}

  void update(Duration relativeDelay, TimePoint now);
  // Nothing before the first interval is over.
  std::optional<Duration> optimalDelay() const { return optimal_; }

 private:
  Duration interval_;
  std::optional<TimePoint> intervalStart_;
  Duration intervalMax_;
  std::optional<Duration> optimal_;
  double quantile_;
  ForgettingHistogram histogram_;
};

}  // namespace callflow::receiver
