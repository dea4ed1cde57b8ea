// Where the service listens.
#pragma once

#include <array>
#include <cstdint>

namespace callflow::wire {

// TURN and the media processor over UDP (RFC 8656 3.1), TURN over TCP on the port that firewalls
// leave open for HTTPS.
inline constexpr std::uint16_t kStunPort = 3478;
// Where the service's relays listen over UDP ("Prepare your organization's network for Azure
// Communication Services"). 3478 is for all media; where media is marked for quality of service,
// 3479 is for audio, 3480 for video and 3481 for what is shared (Microsoft Learn, "Implement
// Quality of Service in Microsoft Teams").
inline constexpr std::array<std::uint16_t, 4> kRelayUdpPorts = {kStunPort, 3479, 3480, 3481};
inline constexpr std::uint16_t kTurnTcpPort = 443;
inline constexpr std::uint16_t kSignalingPort = 443;  // HTTPS (RFC 9110 4.2.2)
// Where HTTP proxies listen in these simulations (IANA: http-alt).
inline constexpr std::uint16_t kProxyPort = 8080;

}  // namespace callflow::wire
