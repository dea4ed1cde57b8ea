// ChannelData messages (RFC 8656 12.4, 12.5): what media travels in between a client and its relay.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "models/stun/message.h"

namespace callflow::turn {

// RFC 8656 12: the rest of what RFC 5766 allowed is reserved.
constexpr bool isChannel(std::uint16_t number) {
  return 0x4000 <= number && number <= 0x4fff;
}

struct ChannelData {
  std::uint16_t channel = 0;
  stun::Bytes data;
};

// RFC 8656 12: the first byte of a channel number is 0x40 to 0x4f.
inline bool looksLikeChannelData(std::span<const std::uint8_t> bytes) {
  return !bytes.empty() && (bytes.front() & 0xf0) == 0x40;
}

// `reliable`: over TCP or TLS it is padded to 4 bytes, which its length does not count.
stun::Bytes encode(const ChannelData& message, bool reliable);
// Nothing for what is none. Padding may stand behind it.
std::optional<ChannelData> parseChannelData(const stun::Bytes& bytes);

// How many bytes the first message of a stream takes, padding included: STUN and ChannelData both
// say so in their first four bytes. Zero as long as these have not come; nothing if they begin
// neither, and the stream cannot be read on.
std::optional<std::size_t> messageSize(std::span<const std::uint8_t> stream);

}  // namespace callflow::turn
