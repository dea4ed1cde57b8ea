// How much queue a flow bears beside others that fill it: RFC 8298 4.1.2.3.
#pragma once

#include <deque>

#include "models/scream/parameters.h"
#include "src/units/units.h"

namespace callflow::scream {

class DelayTarget {
 public:
  explicit DelayTarget(const Parameters& parameters)
      : parameters_(parameters), target_(parameters.leastDelayTarget) {}

  // `lossEvents`: share of round trips with a loss.
  void adjust(Duration queueing, double lossEvents);
  Duration target() const { return target_; }

 private:
  Parameters parameters_;
  Duration target_;
  std::deque<double> history_;  // qdelay over QDELAY_TARGET_LO, youngest first
};

}  // namespace callflow::scream
