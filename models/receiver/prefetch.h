// Memory that is going to be asked for.
#pragma once

#include <cstddef>

namespace callflow::receiver {

inline constexpr std::size_t kCacheLine = 64;

// Asks for all of it at once, where one access after the other would wait for each cache line. A
// hint: reads nothing.
inline void prefetch(const void* from, std::size_t bytes) {
  const char* const at = static_cast<const char*>(from);
  for (std::size_t i = 0; i < bytes; i += kCacheLine) __builtin_prefetch(at + i, 1);
}

}  // namespace callflow::receiver
