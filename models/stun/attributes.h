// Numbers of the STUN header and its attributes (RFC 8489 18.3, RFC 8656 18, RFC 8445 16.1).
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/stun/message.h"

namespace callflow::stun {

enum class Attribute : std::uint16_t {
  username = 0x0006,
  messageIntegrity = 0x0008,
  errorCode = 0x0009,
  unknownAttributes = 0x000A,
  channelNumber = 0x000C,
  lifetime = 0x000D,
  xorPeerAddress = 0x0012,
  data = 0x0013,
  realm = 0x0014,
  nonce = 0x0015,
  xorRelayedAddress = 0x0016,
  requestedTransport = 0x0019,
  xorMappedAddress = 0x0020,
  priority = 0x0024,
  useCandidate = 0x0025,
  software = 0x8022,
  alternateServer = 0x8023,
  fingerprint = 0x8028,
  iceControlled = 0x8029,
  iceControlling = 0x802A,
  networkInfo = 0xC057,  // libwebrtc's own
};

// Whoever does not know such an attribute may not act on the message (RFC 8489 14).
constexpr bool mustBeKnown(std::uint16_t attribute) {
  return attribute < 0x8000;
}

inline constexpr std::uint32_t kMagicCookie = 0x2112A442;  // RFC 8489 5
inline constexpr std::size_t kHeaderSize = 20;
inline constexpr std::size_t kAttributeHeaderSize = 4;
inline constexpr std::size_t kIntegritySize = 20;  // HMAC-SHA1
inline constexpr std::size_t kFingerprintSize = 4;

// Values stand in whole words of four bytes.
constexpr std::size_t padded(std::size_t size) {
  return (size + 3) / 4 * 4;
}

// RFC 8489 5: the two bits of the class stand between those of the method, M11-M7 C1 M6-M4 C0
// M3-M0.
constexpr std::uint16_t messageType(Class messageClass, Method method) {
  const auto kind = static_cast<unsigned>(messageClass);
  const auto number = static_cast<unsigned>(method);
  return static_cast<std::uint16_t>((number & 0x00F) | (number & 0x070) << 1 |
                                    (number & 0xF80) << 2 | (kind & 1) << 4 | (kind & 2) << 7);
}
constexpr Class classOf(std::uint16_t type) {
  return static_cast<Class>((type >> 4 & 1) | (type >> 7 & 2));
}
constexpr Method methodOf(std::uint16_t type) {
  return static_cast<Method>((type & 0x00F) | (type >> 1 & 0x070) | (type >> 2 & 0xF80));
}

}  // namespace callflow::stun
