// Bytes as they go over the wire, for those who write headers: numbers with their highest byte
// first (RFC 1700).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "src/units/units.h"

namespace callflow::wire {

class Bytes {
 public:
  void u8(std::uint32_t value) { bytes_.push_back(static_cast<std::uint8_t>(value)); }
  void u16(std::uint32_t value) {
    u8(value >> 8);
    u8(value);
  }
  void u24(std::uint32_t value) {
    u8(value >> 16);
    u16(value);
  }
  void u32(std::uint32_t value) {
    u16(value >> 16);
    u16(value);
  }
  void u64(std::uint64_t value) {
    u32(static_cast<std::uint32_t>(value >> 32));
    u32(static_cast<std::uint32_t>(value));
  }
  void text(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }
  void append(const Bytes& other) { append(other, 0, other.size()); }
  void append(const Bytes& other, std::size_t begin, std::size_t end) {
    const auto at = [&](std::size_t i) {
      return other.bytes_.begin() + static_cast<std::ptrdiff_t>(i);
    };
    bytes_.insert(bytes_.end(), at(begin), at(end));
  }
  // Content that nobody knows.
  void zeros(std::size_t count) { bytes_.resize(bytes_.size() + count); }
  // So many bytes in all: what is missing is content that nobody knows, what is beyond goes.
  void resize(std::size_t size) { bytes_.resize(size); }
  void clear() { bytes_.clear(); }

  // Written before the number was known.
  void put16(std::size_t at, std::uint32_t value) {
    bytes_[at] = static_cast<std::uint8_t>(value >> 8);
    bytes_[at + 1] = static_cast<std::uint8_t>(value);
  }

  std::size_t size() const { return bytes_.size(); }
  DataSize dataSize() const { return DataSize::bytes(static_cast<std::int64_t>(size())); }
  std::uint8_t operator[](std::size_t at) const { return bytes_[at]; }
  const std::uint8_t* data() const { return bytes_.data(); }
  bool operator==(const Bytes&) const = default;

 private:
  std::vector<std::uint8_t> bytes_;
};

}  // namespace callflow::wire
