// The bytes of connectivity checks (RFC 8445 7, RFC 8489) as libwebrtc sends them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/wire/address.h"
#include "models/wire/bytes.h"
#include "src/units/units.h"

namespace callflow::client {

inline constexpr DataSize kCheckRequestSize = DataSize::bytes(100);
inline constexpr DataSize kCheckResponseSize = DataSize::bytes(64);

struct StunCheck {
  std::uint64_t session = 0;  // whose checks these are: of its user names and transactions
  std::uint32_t transaction = 0;
  bool controlling = false;  // whoever asks
};

// Of exactly these sizes. Their integrity nobody knows, as nobody has the passwords.
void writeRequest(const StunCheck& check, wire::Bytes& bytes);
void writeResponse(const StunCheck& check, const wire::Endpoint& mapped, wire::Bytes& bytes);

}  // namespace callflow::client
