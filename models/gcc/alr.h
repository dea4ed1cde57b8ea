// Whether the application sends much less than it might, so that what arrives says nothing of the
// path (libwebrtc, goog_cc/alr_detector.cc: the application limited region).
#pragma once

#include <optional>

#include "models/gcc/interval_budget.h"
#include "src/units/units.h"

namespace callflow::gcc {

class AlrDetector {
 public:
  void setEstimate(DataRate rate);
  void onSent(DataSize size, TimePoint now);
  // Since when, if it is so now.
  std::optional<TimePoint> since() const { return since_; }

 private:
  IntervalBudget budget_;
  std::optional<TimePoint> lastSent_;
  std::optional<TimePoint> since_;
};

}  // namespace callflow::gcc
