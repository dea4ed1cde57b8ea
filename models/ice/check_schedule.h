// When a check leaves, and for which pair, as libwebrtc's BasicIceController paces them. It looks
// at its pairs again and again, on a browser's ticks (timers.h), and notices only then what time
// has made of them. Looks at which nothing is due are not made, which changes nothing.
#pragma once

#include <optional>
#include <set>

#include "models/ice/selection.h"
#include "models/ice/timers.h"

namespace callflow::ice {

// What the choice depends on beside the pairs, which are sorted.
struct CheckContext {
  const Pair* selected = nullptr;
  bool completed = false;  // one active pair is left on each interface
  bool mayCheck = true;    // the other side's credentials are known
  bool weak() const { return selected == nullptr || selected->weak(); }
};

class CheckSchedule {
 public:
  explicit CheckSchedule(Ticks ticks) : ticks_(ticks) {}
  // Whether there is a look at this time: the first is as soon as there is a pair.
  bool looksAt(TimePoint now) const { return !look_ || lookFrom(now) == now; }
  // The look: the pair to be checked; null if it is too early or none needs it.
  Pair* look(const Pairs& pairs, const CheckContext& context, TimePoint now);
  // A check has left.
  void sent(const Pair& pair, TimePoint now);
  // The look at which something is due, as the pairs are now: a check, or at `update` a change of
  // one of them. Nothing if neither will ever be. To be asked whenever the pairs may have changed:
  // how often they are looked at depends on them.
  std::optional<TimePoint> nextLook(const Pairs& pairs, const CheckContext& context,
                                    std::optional<TimePoint> update, TimePoint now);
  void forget(PairNumber pair) { round_.erase(pair); }

 private:
  Duration interval(const Pairs& pairs, const CheckContext& context) const;
  Pair* choose(const Pairs& pairs, const CheckContext& context, TimePoint now);
  std::optional<TimePoint> nextCheck(const Pairs& pairs, const CheckContext& context,
                                     TimePoint now) const;
  // The first look at this time or after it; there has been one.
  TimePoint lookFrom(TimePoint time) const;

  Ticks ticks_;
  std::optional<TimePoint> last_;  // when any check left
  std::optional<TimePoint> look_;  // one that is to come, or the last before `now`
  Duration wait_;                  // between looks after that, ticks aside
  std::set<PairNumber> round_;     // those that have had their turn
};

}  // namespace callflow::ice
