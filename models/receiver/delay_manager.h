// The delay that NetEq aims at.
#pragma once

#include "models/receiver/neteq_parameters.h"
#include "models/receiver/reorder_optimizer.h"
#include "models/receiver/underrun_optimizer.h"
#include "src/units/units.h"

namespace callflow::receiver {

inline constexpr Duration kDelayBucket = Duration::ms(20);  // libwebrtc: kBucketSizeMs

// libwebrtc, modules/audio_coding/neteq/delay_manager.cc: the larger of what underruns and
// reordering ask for; a start value until there is a first answer.
class DelayManager {
 public:
  DelayManager(const NetEqParameters& parameters, Duration start)
      : target_(start),
        start_(start),
        reorders_(parameters.reorderOptimizer),
        reorder_(parameters),
        underrun_(parameters) {}

  void update(Duration relativeDelay, bool reordered, TimePoint now);
  // As at the beginning, with the same parameters.
  void reset(const NetEqParameters& parameters) { *this = DelayManager(parameters, start_); }
  Duration target() const { return target_; }

 private:
  Duration target_;
  Duration start_;
  bool reorders_;
  ReorderOptimizer reorder_;
  UnderrunOptimizer underrun_;
};

}  // namespace callflow::receiver
