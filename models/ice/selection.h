// Which pair media takes, as libwebrtc's BasicIceController chooses among those that work.
#pragma once

#include <memory>
#include <vector>

#include "models/ice/pair.h"

namespace callflow::ice {

using Pairs = std::vector<std::unique_ptr<Pair>>;

// By what does not change with each packet: network cost, priority, generation. Above 0: `a` is
// better.
int compareCandidates(const Pair& a, const Pair& b, Role role);
// By all: what works first; on the controlled side then what the other side nominates and sends
// on.
int compare(const Pair& a, const Pair& b, Role role);

// Best first. Equals keep their order.
void sort(Pairs& pairs, Role role);

// Whether the best pair is to be selected instead of the one that is (null: none).
bool shouldSwitch(const Pair* selected, const Pair& best, Role role);

// Whether a check of this pair says that it is to be used (RFC 8445 8.1.1; libwebrtc's
// NominationMode::SEMI_AGGRESSIVE).
bool nominates(const Pair& checked, const Pair* selected, bool remoteIsLite);

// Pairs that need no checks any more, as a better one on the same interface works.
std::vector<Pair*> toPrune(const Pairs& pairs, const Pair* selected, Role role);

}  // namespace callflow::ice
