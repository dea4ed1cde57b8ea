// How much delay frames that come out of order are worth.
#pragma once

#include "models/receiver/forgetting_histogram.h"
#include "models/receiver/neteq_parameters.h"
#include "src/units/units.h"

namespace callflow::receiver {

// libwebrtc, modules/audio_coding/neteq/reorder_optimizer.cc: a histogram of the relative delays of
// reordered frames (all others count as 0) in steps of 20 ms. Waiting longer than the base delay
// costs what it takes; frames that come later than the wait cost so much a percent.
class ReorderOptimizer {
 public:
  explicit ReorderOptimizer(const NetEqParameters& parameters)
      : perLossPercent_(parameters.perLossPercent),
        histogram_(parameters.reorderForgetFactor, parameters.startForgetWeight) {}

  // Gives the wait that costs least, beside what is waited anyway.
  Duration update(Duration relativeDelay, bool reordered, Duration base);

 private:
  Duration perLossPercent_;
  ForgettingHistogram histogram_;
};

}  // namespace callflow::receiver
