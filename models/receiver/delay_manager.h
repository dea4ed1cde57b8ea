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
      : parameters_(parameters),
        start_(start),
        underrun_(parameters),
        reorder_(parameters),
        target_(start) {}

  void update(Duration relativeDelay, bool reordered, TimePoint now);
  void reset() { *this = DelayManager(parameters_, start_); }
  Duration target() const { return target_; }

 private:
  NetEqParameters parameters_;
  Duration start_;
  UnderrunOptimizer underrun_;
  ReorderOptimizer reorder_;
  Duration target_;
};

}  // namespace callflow::receiver
