// Bytes as people compare them.
#pragma once

#include <cstddef>
#include <string>

#include "models/wire/bytes.h"

namespace callflow::capture::testing {

// "45 00 00 1c", from `begin`, `count` of them or to the end.
inline std::string hex(const wire::Bytes& bytes, std::size_t begin = 0,
                       std::size_t count = std::string::npos) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = begin; i < bytes.size() && i - begin < count; ++i) {
    if (!text.empty()) text += ' ';
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

}  // namespace callflow::capture::testing
