// How messages show what a user wrote.
#pragma once

#include <string>
#include <string_view>

namespace callflow {

// In quotes; on one line and not long, whatever it is.
inline std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 60;
  std::string out = "\"";
  for (const char c : text.substr(0, kShown)) out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  if (text.size() > kShown) out += "...";
  return out + "\"";
}

// Else std::quoted() would be the nearer one.
inline std::string quoted(const std::string& text) {
  return quoted(std::string_view(text));
}
inline std::string quoted(const char* text) {
  return quoted(std::string_view(text));
}

}  // namespace callflow
