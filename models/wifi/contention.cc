#include "models/wifi/contention.h"

#include <algorithm>

namespace callflow::wifi {

TimePoint Contention::start(const Claim& claim, TimePoint ready) const {
  const std::int64_t left = std::max<std::int64_t>(0, claim.ends - counted(claim.aifsn));
  return std::max(ready, freeFrom_ + wait(claim.aifsn) + phy_.slot * left);
}

void Contention::occupy(TimePoint from, TimePoint until) {
  for (std::size_t aifsn = 0; aifsn < kAifsns; ++aifsn) {
    const Duration free = from - freeFrom_ - wait(static_cast<int>(aifsn));
    if (free >= Duration{}) counted_[aifsn] += free / phy_.slot + early_;
  }
  freeFrom_ = std::max(freeFrom_, until);
}

}  // namespace callflow::wifi
