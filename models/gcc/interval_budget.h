// Half a second's worth of a rate, used up by what is sent and refilled as time passes: how far
// sending is ahead of the rate or behind it (libwebrtc, modules/pacing/interval_budget.cc).
#pragma once

#include "src/units/units.h"

namespace callflow::gcc {

class IntervalBudget {
 public:
  // What is left beyond the new bounds is forgotten.
  void setRate(DataRate rate);
  void use(DataSize size);
  void refill(Duration passed);
  // What is left, of all: from -1, far ahead of the rate, to 1, nothing sent for long. 0 without a
  // rate.
  double level() const;

 private:
  double bitsPerSecond_ = 0;
  double most_ = 0;  // bits, either way
  double left_ = 0;
};

}  // namespace callflow::gcc
