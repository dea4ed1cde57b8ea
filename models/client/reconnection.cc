#include "models/client/reconnection.h"

namespace callflow::client {

Reconnection::Act Reconnection::onState(ice::State state, TimePoint now) {
  switch (state) {
    case ice::State::connected:
    case ice::State::completed:
      everConnected_ = true;
      lost_.reset();
      return Act::nothing;
    case ice::State::disconnected:
      // After that a restart is under way, which fails or connects.
      if (lost_) return Act::nothing;
      lost_ = now;
      return restarts_ ? Act::restart : Act::nothing;
    case ice::State::failed:
      if (everConnected_ && !lost_) lost_ = now;
      return restarts_ && again_ && everConnected_ && !over(now) ? Act::restart : Act::end;
    case ice::State::fresh:
    case ice::State::checking:
      break;
  }
  return Act::nothing;
}

std::optional<TimePoint> Reconnection::limit() const {
  return lost_ ? std::optional(*lost_ + kReconnectLimit) : std::nullopt;
}

bool Reconnection::over(TimePoint now) const {
  return lost_ && now >= *lost_ + kReconnectLimit;
}

}  // namespace callflow::client
