// Differentiated services code points: how a packet asks to be treated (RFC 2474).
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace callflow::wire {

// 0 to 63; 0 is what all traffic has that asks for nothing.
struct Dscp {
  std::uint8_t value = 0;
  constexpr auto operator<=>(const Dscp&) const = default;
};

inline constexpr std::uint8_t kLargestDscp = 63;

// Whether a mark is one of these; none: any.
inline bool contains(const std::vector<Dscp>& marks, Dscp mark) {
  return marks.empty() || std::find(marks.begin(), marks.end(), mark) != marks.end();
}

// "ef", "af41", "cs3", "be", "le", "va" or a number from 0 to 63; nothing if it is none of these.
std::optional<Dscp> parseDscp(std::string_view text);
// The name if there is one, else the number.
std::string toText(Dscp dscp);

}  // namespace callflow::wire
