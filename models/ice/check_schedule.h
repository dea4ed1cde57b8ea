// When a check leaves, and for which pair, as libwebrtc's BasicIceController paces them.
#pragma once

#include <optional>
#include <set>

#include "models/ice/selection.h"

namespace callflow::ice {

// What the choice depends on beside the pairs, which are sorted.
struct CheckContext {
  const Pair* selected = nullptr;
  bool completed = false;  // one active pair is left on each interface
  bool weak() const { return selected == nullptr || selected->weak(); }
};

class CheckSchedule {
 public:
  // The pair to be checked now; null if it is too early or none needs it.
  Pair* next(const Pairs& pairs, const CheckContext& context, TimePoint now);
  // A check has left.
  void sent(const Pair& pair, TimePoint now);
  // When to ask again, at the earliest; nothing without pairs that will ever need a check.
  std::optional<TimePoint> nextTime(const Pairs& pairs, const CheckContext& context,
                                    TimePoint now) const;
  void forget(PairNumber pair) { round_.erase(pair); }

 private:
  Duration interval(const Pairs& pairs, const CheckContext& context) const;

  std::optional<TimePoint> last_;  // when any check left
  std::set<PairNumber> round_;     // those that have had their turn
};

}  // namespace callflow::ice
