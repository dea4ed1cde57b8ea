#include "models/ice/check_schedule.h"

#include <algorithm>
#include <vector>

#include "models/ice/timers.h"

namespace callflow::ice {
namespace {

// When a pair may be checked; nothing for one that is left alone.
std::optional<TimePoint> due(const Pair& pair, const CheckContext& context, TimePoint now) {
  if (context.weak()) return now;
  if (!pair.active()) return std::nullopt;
  if (context.completed && &pair != context.selected)
    return pair.answers() == 0 ? now : *pair.lastAnswer() + kBackupInterval;
  return pair.writable() ? pair.nextCheck(context.weak(), now) : now;
}

bool needsTriggeredCheck(const Pair& pair) {
  return !pair.writable() && pair.lastChecked() && pair.lastChecked() > pair.lastSent();
}

}  // namespace

Duration CheckSchedule::interval(const Pairs& pairs, const CheckContext& context) const {
  const auto begins = [](const auto& pair) {
    return pair->active() && pair->checksSent() < kChecksAtWeakInterval;
  };
  return context.weak() || std::any_of(pairs.begin(), pairs.end(), begins) ? kWeakInterval
                                                                           : kStrongInterval;
}

Pair* CheckSchedule::look(const Pairs& pairs, const CheckContext& context, TimePoint now) {
  // The time until the next look is settled before the check that leaves now counts.
  const Duration least = interval(pairs, context);
  wait_ = std::min(least, kLookInterval);
  look_ = ticks_.after(now + wait_);
  if (!context.mayCheck || (last_ && now < *last_ + least)) return nullptr;
  return choose(pairs, context, now);
}

Pair* CheckSchedule::choose(const Pairs& pairs, const CheckContext& context, TimePoint now) {
  const auto oldest = [](Pair* a, Pair* b, std::optional<TimePoint> (Pair::*when)() const) {
    return a == nullptr || (b->*when)() < (a->*when)() ? b : a;
  };
  for (const auto& pair : pairs) {
    if (pair.get() == context.selected && pair->writable() &&
        pair->nextCheck(context.weak(), now) <= now)
      return pair.get();
  }
  Pair* chosen = nullptr;
  if (context.weak()) {
    // The best of each interface is kept ready.
    std::set<std::uint8_t> seen;
    for (const auto& pair : pairs) {
      if (!pair->writable() || !seen.insert(pair->interface()).second) continue;
      if (pair->nextCheck(true, now) <= now) chosen = oldest(chosen, pair.get(), &Pair::lastSent);
    }
    if (chosen != nullptr) return chosen;
  }
  std::vector<Pair*> dueNow;
  for (const auto& pair : pairs) {
    if (const auto when = due(*pair, context, now); when && *when <= now)
      dueNow.push_back(pair.get());
  }
  for (Pair* const pair : dueNow)
    if (needsTriggeredCheck(*pair)) chosen = oldest(chosen, pair, &Pair::lastChecked);
  if (chosen != nullptr) return chosen;
  const auto hadTurn = [this](const Pair* pair) { return round_.count(pair->number()) > 0; };
  if (std::all_of(dueNow.begin(), dueNow.end(), hadTurn)) round_.clear();
  for (Pair* const pair : dueNow)
    if (!hadTurn(pair)) chosen = oldest(chosen, pair, &Pair::lastSent);
  return chosen;
}

void CheckSchedule::sent(const Pair& pair, TimePoint now) {
  last_ = now;
  round_.insert(pair.number());
}

std::optional<TimePoint> CheckSchedule::nextCheck(const Pairs& pairs, const CheckContext& context,
                                                  TimePoint now) const {
  if (!context.mayCheck) return std::nullopt;
  std::optional<TimePoint> earliest;
  for (const auto& pair : pairs) {
    const auto when = due(*pair, context, now);
    if (when) earliest = earliest ? std::min(*earliest, *when) : *when;
    if (context.weak()) break;  // all are due now
  }
  if (!earliest || !last_) return earliest;
  return std::max(*earliest, *last_ + interval(pairs, context));
}

std::optional<TimePoint> CheckSchedule::nextLook(const Pairs& pairs, const CheckContext& context,
                                                 std::optional<TimePoint> update, TimePoint now) {
  std::optional<TimePoint> due = nextCheck(pairs, context, now);
  if (update) due = due ? std::min(*due, *update) : *update;
  if (!look_) return due;
  // Until now they were looked at as often as they were then; the next look stands.
  look_ = lookFrom(now);
  wait_ = std::min(interval(pairs, context), kLookInterval);
  return due ? std::optional(lookFrom(*due)) : std::nullopt;
}

TimePoint CheckSchedule::lookFrom(TimePoint time) const {
  if (time <= *look_) return *look_;
  const Duration step = ticks_.after(*look_ + wait_) - *look_;
  return *look_ + step * ((time - *look_ + step - Duration::ns(1)) / step);
}

}  // namespace callflow::ice
