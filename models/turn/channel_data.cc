#include "models/turn/channel_data.h"

#include <stdexcept>

namespace callflow::turn {
namespace {

constexpr std::size_t kHeader = 4;
constexpr std::size_t kStunHeader = 20;  // RFC 8489 5

std::uint16_t twoBytes(std::span<const std::uint8_t> bytes, std::size_t offset) {
  return static_cast<std::uint16_t>(bytes[offset] << 8 | bytes[offset + 1]);
}

}  // namespace

stun::Bytes encode(const ChannelData& message, bool reliable) {
  const std::size_t length = message.data.size();
  if (length > 0xffff) throw std::length_error("ChannelData carries 65535 bytes at most");
  stun::Bytes bytes;
  bytes.reserve(kHeader + length + 3);
  for (const std::size_t number : {std::size_t{message.channel}, length}) {
    bytes.push_back(static_cast<std::uint8_t>(number >> 8));
    bytes.push_back(static_cast<std::uint8_t>(number));
  }
  bytes.insert(bytes.end(), message.data.begin(), message.data.end());
  if (reliable) bytes.resize((bytes.size() + 3) / 4 * 4);
  return bytes;
}

std::optional<ChannelData> parseChannelData(const stun::Bytes& bytes) {
  if (!looksLikeChannelData(bytes) || bytes.size() < kHeader) return std::nullopt;
  const std::size_t length = twoBytes(bytes, 2);
  if (length > bytes.size() - kHeader) return std::nullopt;
  const auto begin = bytes.begin() + kHeader;
  return ChannelData{twoBytes(bytes, 0), {begin, begin + static_cast<std::ptrdiff_t>(length)}};
}

std::optional<std::size_t> messageSize(std::span<const std::uint8_t> stream) {
  if (stream.size() < kHeader) return 0;
  const std::size_t length = twoBytes(stream, 2);
  if (looksLikeChannelData(stream)) return kHeader + (length + 3) / 4 * 4;
  // RFC 8656 12: the first two bits tell the two apart.
  if ((stream[0] & 0xc0) == 0 && length % 4 == 0) return kStunHeader + length;
  return std::nullopt;
}

}  // namespace callflow::turn
