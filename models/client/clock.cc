#include "models/client/clock.h"

#include <cmath>
#include <string>

#include "models/fabric/random.h"

namespace callflow::client {
namespace {

constexpr std::int64_t kMostPpm = 50;

}  // namespace

Clock drawClock(std::string_view who, Duration frame) {
  fabric::RandomStream random("clock of " + std::string(who));
  const auto below = [&](std::int64_t limit) {
    const auto drawn = static_cast<std::int64_t>(random.uniform() * static_cast<double>(limit));
    return drawn < limit ? drawn : limit - 1;
  };
  const Duration phase = Duration::ns(below(frame.count()));
  return {phase, receiver::ClockRate(below(2 * kMostPpm + 1) - kMostPpm)};
}

}  // namespace callflow::client
