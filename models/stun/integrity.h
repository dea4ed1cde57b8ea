// What guards the bytes of a STUN message: MESSAGE-INTEGRITY (RFC 8489 14.5) and FINGERPRINT
// (14.7).
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "models/stun/attributes.h"

namespace callflow::stun {

// Both of the bytes of a message that stand before the attribute. What the length field there says
// does not count: it is taken to end with the attribute, as both sections demand.
std::array<std::uint8_t, kIntegritySize> integrityOf(std::span<const std::uint8_t> before,
                                                     const Key& key);
std::uint32_t fingerprintOf(std::span<const std::uint8_t> before);

}  // namespace callflow::stun
