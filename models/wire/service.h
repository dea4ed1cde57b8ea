// Where the service listens.
#pragma once

#include <cstdint>

namespace callflow::wire {

// TURN and the media processor over UDP (RFC 8656 3.1), TURN over TCP on the port that firewalls
// leave open for HTTPS.
inline constexpr std::uint16_t kStunPort = 3478;
inline constexpr std::uint16_t kTurnTcpPort = 443;
inline constexpr std::uint16_t kSignalingPort = 443;  // HTTPS (RFC 9110 4.2.2)
// Where HTTP proxies listen in these simulations (IANA: http-alt).
inline constexpr std::uint16_t kProxyPort = 8080;

}  // namespace callflow::wire
