// What is written of the networks that clients are in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace callflow::ice {

// What an interface is to libwebrtc (rtc_base/network_constants.h), the preferred first.
enum class AccessKind : std::uint8_t { ethernet, wifi, cellular };
inline constexpr std::pair<AccessKind, const char*> kAccessKindNames[] = {
    {AccessKind::ethernet, "ethernet"},
    {AccessKind::wifi, "wifi"},
    {AccessKind::cellular, "cellular"}};
constexpr std::string_view name(AccessKind kind) {
  return kAccessKindNames[static_cast<std::size_t>(kind)].second;
}

// Whether an interface that comes back in mid-call is gathered from (libwebrtc's
// ContinualGatheringPolicy), or only when the client restarts ICE.
enum class GatheringPolicy : std::uint8_t { once, continually };

}  // namespace callflow::ice
