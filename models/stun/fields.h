// The attributes of a STUN message's bytes, one after another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "models/stun/attributes.h"

namespace callflow::stun {

// Big-endian numbers of up to eight bytes.
inline std::uint64_t numberAt(std::span<const std::uint8_t> bytes, std::size_t offset,
                              std::size_t size) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes.subspan(offset, size)) value = value << 8 | byte;
  return value;
}
inline std::uint16_t twoBytesAt(std::span<const std::uint8_t> bytes, std::size_t offset) {
  return static_cast<std::uint16_t>(bytes[offset] << 8 | bytes[offset + 1]);
}
inline std::uint32_t fourBytesAt(std::span<const std::uint8_t> bytes, std::size_t offset) {
  return std::uint32_t{twoBytesAt(bytes, offset)} << 16 | twoBytesAt(bytes, offset + 2);
}

struct Field {
  Attribute code;
  std::size_t offset;  // of its header in the message
  std::span<const std::uint8_t> value;
};

// RFC 8489 6.3: what distinguishes a STUN message from other traffic.
inline bool looksLikeStun(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= kHeaderSize && (bytes[0] & 0xC0) == 0 &&
         twoBytesAt(bytes, 2) == bytes.size() - kHeaderSize && bytes.size() % 4 == 0 &&
         fourBytesAt(bytes, 4) == kMagicCookie;
}

class AttributeReader {
 public:
  explicit AttributeReader(std::span<const std::uint8_t> bytes)
      : bytes_(bytes), offset_(looksLikeStun(bytes) ? kHeaderSize : kBroken) {}

  std::optional<Field> next() {
    if (offset_ == kBroken || offset_ == bytes_.size()) return std::nullopt;
    // Sizes are multiples of four, so a header always fits.
    const std::size_t size = twoBytesAt(bytes_, offset_ + 2);
    const std::size_t start = offset_ + kAttributeHeaderSize;
    if (padded(size) > bytes_.size() - start) {
      offset_ = kBroken;
      return std::nullopt;
    }
    const Field field{static_cast<Attribute>(twoBytesAt(bytes_, offset_)), offset_,
                      bytes_.subspan(start, size)};
    offset_ = start + padded(size);
    return field;
  }
  // Whether all was read and made sense.
  bool atEnd() const { return offset_ == bytes_.size(); }

 private:
  static constexpr std::size_t kBroken = ~std::size_t{0};

  std::span<const std::uint8_t> bytes_;
  std::size_t offset_;
};

}  // namespace callflow::stun
