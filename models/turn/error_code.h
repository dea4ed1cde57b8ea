// Why a TURN server gives no allocation: codes of RFC 8489 14.8 and RFC 8656 19 that more than it
// and its client know of.
#pragma once

namespace callflow::turn {

inline constexpr int kTryAlternate = 300;  // it sends the client elsewhere
inline constexpr int kQuotaReached = 486;
inline constexpr int kInsufficientCapacity = 508;

}  // namespace callflow::turn
