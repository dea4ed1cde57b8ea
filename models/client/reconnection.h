// What a client does about a connection that it loses: it restarts ICE until it is connected again,
// or ends the call.
#pragma once

#include <cstdint>
#include <optional>

#include "models/ice/agent.h"
#include "src/units/units.h"

namespace callflow::client {

// Azure Communication Services, "Service limits": the SDKs give up a reconnection after so long.
inline constexpr Duration kReconnectLimit = Duration::s(120);

class Reconnection {
 public:
  enum class Act : std::uint8_t { nothing, restart, end };

  // `restarts`: whether it restarts ICE, or leaves it at what the agent finds by itself; `again`:
  // also when that has failed.
  Reconnection(bool restarts, bool again) : restarts_(restarts), again_(again) {}

  // The agent's state has changed.
  Act onState(ice::State state, TimePoint now);
  // When it gives up, if it is not connected by then; none: it is connected, or was never.
  std::optional<TimePoint> limit() const;
  // Whether it gives up now.
  bool over(TimePoint now) const;

 private:
  bool restarts_, again_;
  bool everConnected_ = false;
  std::optional<TimePoint> lost_;
};

}  // namespace callflow::client
