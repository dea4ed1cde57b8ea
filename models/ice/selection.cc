#include "models/ice/selection.h"

#include <algorithm>

#include "models/ice/timers.h"

namespace callflow::ice {
namespace {

template <class T>
int moreIsBetter(const T& a, const T& b) {
  return a > b ? 1 : (a < b ? -1 : 0);
}

int compareStates(const Pair& a, const Pair& b) {
  if (const int by = moreIsBetter(b.writability(), a.writability()); by != 0) return by;
  return moreIsBetter(a.receiving(), b.receiving());
}

}  // namespace

int compareCandidates(const Pair& a, const Pair& b, Role role) {
  const auto cost = [](const Pair& pair) {
    return pair.local().networkCost + pair.remote().networkCost;
  };
  if (const int by = moreIsBetter(cost(b), cost(a)); by != 0) return by;
  if (const int by = moreIsBetter(a.priority(role), b.priority(role)); by != 0) return by;
  const auto generation = [](const Pair& pair) {
    return pair.local().generation + pair.remote().generation;
  };
  return moreIsBetter(generation(a), generation(b));
}

int compare(const Pair& a, const Pair& b, Role role) {
  if (const int by = compareStates(a, b); by != 0) return by;
  if (role == Role::controlled) {
    if (const int by = moreIsBetter(a.nominated(), b.nominated()); by != 0) return by;
    if (const int by = moreIsBetter(a.lastHeard(), b.lastHeard()); by != 0) return by;
  }
  return compareCandidates(a, b, role);
}

void sort(Pairs& pairs, Role role) {
  const auto isBetter = [role](const auto& a, const auto& b) {
    if (const int by = compare(*a, *b, role); by != 0) return by > 0;
    return a->roundTrip() < b->roundTrip();
  };
  // They are few, and have mostly been in order before.
  for (auto next = pairs.begin(); next != pairs.end(); ++next) {
    if (next == pairs.begin() || !isBetter(*next, *(next - 1))) continue;
    std::rotate(std::upper_bound(pairs.begin(), next, *next, isBetter), next, next + 1);
  }
}

bool shouldSwitch(const Pair* selected, const Pair& best, Role role) {
  if (!best.writable() || &best == selected) return false;
  if (selected == nullptr) return true;
  if (const int by = compare(best, *selected, role); by != 0) return by > 0;
  return best.roundTrip() <= selected->roundTrip() - kRoundTripGain;
}

bool nominates(const Pair& checked, const Pair* selected, bool remoteIsLite) {
  if (remoteIsLite) return &checked == selected && checked.writable();
  return selected == nullptr || &checked == selected || !selected->writable() ||
         compareCandidates(checked, *selected, Role::controlling) > 0;
}

std::vector<Pair*> toPrune(const Pairs& pairs, const Pair* selected, Role role) {
  std::vector<Pair*> result;
  // Else the one that the other side is going to nominate may be among them.
  if (role == Role::controlled && (selected == nullptr || !selected->nominated())) return result;
  const auto bestOn = [&](std::uint8_t interface) {
    if (selected != nullptr && selected->interface() == interface) return selected;
    const auto first = std::find_if(pairs.begin(), pairs.end(), [interface](const auto& pair) {
      return pair->interface() == interface;
    });
    return static_cast<const Pair*>(first->get());
  };
  for (const auto& pair : pairs) {
    if (!pair->active()) continue;
    const Pair& better = *bestOn(pair->interface());
    if (pair.get() == &better || better.weak()) continue;
    if (compareCandidates(better, *pair, role) >= 0) result.push_back(pair.get());
  }
  return result;
}

}  // namespace callflow::ice
