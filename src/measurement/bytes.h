// Bytes that are read by their place, or not at all.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace callflow::measurement {

class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  std::optional<std::uint32_t> number(std::size_t at, std::size_t count, bool little) const {
    if (at > bytes_.size() || count > bytes_.size() - at) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t place = little ? at + count - 1 - i : at + i;
      value = value << 8 | static_cast<unsigned char>(bytes_[place]);
    }
    return value;
  }
  // As networks write them; nothing is equal to no number.
  std::optional<std::uint32_t> byte(std::size_t at) const { return number(at, 1, false); }
  std::optional<std::uint32_t> pair(std::size_t at) const { return number(at, 2, false); }
  std::optional<std::uint32_t> four(std::size_t at) const { return number(at, 4, false); }
  // Up to the end if there are fewer.
  std::string_view part(std::size_t at, std::size_t count) const {
    return at > bytes_.size() ? std::string_view() : bytes_.substr(at, count);
  }
  std::size_t size() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
};

}  // namespace callflow::measurement
