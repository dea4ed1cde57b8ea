// What is written of the networks that clients are in.
#pragma once

#include <cstdint>

namespace callflow::ice {

// What an interface is to libwebrtc (rtc_base/network_constants.h), the preferred first.
enum class AccessKind : std::uint8_t { ethernet, wifi, cellular };

}  // namespace callflow::ice
