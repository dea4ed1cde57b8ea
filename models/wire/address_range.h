// Sets of addresses, of ports and of protocols, as rules name them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <variant>
#include <vector>

#include "models/wire/address.h"

namespace callflow::wire {

struct Prefix {
  Ipv4 address;    // bits behind `length` are ignored
  int length = 0;  // 0..32

  constexpr bool contains(Ipv4 candidate) const {
    if (length <= 0) return true;
    const std::uint32_t mask = ~std::uint32_t{0} << (32 - length);
    return ((candidate.value ^ address.value) & mask) == 0;
  }
};

// Both ends belong to it; first > last holds no port.
struct PortRange {
  std::uint16_t first = 0;
  std::uint16_t last = 65535;

  constexpr bool contains(std::uint16_t port) const { return first <= port && port <= last; }
};

// Whether a port is in one of these; none: any.
inline bool contains(const std::vector<PortRange>& ranges, std::uint16_t port) {
  return ranges.empty() || std::any_of(ranges.begin(), ranges.end(), [&](const PortRange& range) {
           return range.contains(port);
         });
}

enum class RuleProtocol : std::uint8_t { any, udp, tcp };

constexpr bool contains(RuleProtocol rule, Protocol protocol) {
  switch (rule) {
    case RuleProtocol::udp:
      return protocol == Protocol::udp;
    case RuleProtocol::tcp:
      return protocol == Protocol::tcp;
    case RuleProtocol::any:
      break;
  }
  return true;
}

// The range that Azure Communication Services documents for relays and media processors.
inline constexpr Prefix kAzureMediaRange{Ipv4::of(20, 202, 0, 0), 16};

// Any address, all of Azure's media range, or one prefix.
struct AnyAddress {};
struct AzureAddress {};
using AddressRange = std::variant<AnyAddress, AzureAddress, Prefix>;

inline bool contains(const AddressRange& range, Ipv4 candidate) {
  if (const auto* prefix = std::get_if<Prefix>(&range)) return prefix->contains(candidate);
  return std::holds_alternative<AnyAddress>(range) || kAzureMediaRange.contains(candidate);
}

// Of the longest of these ranges that holds the address, as tables of routes choose; -1: none does.
inline int longestMatch(const std::vector<AddressRange>& ranges, Ipv4 address) {
  int longest = -1;
  for (const AddressRange& range : ranges) {
    if (!contains(range, address)) continue;
    const auto* prefix = std::get_if<Prefix>(&range);
    const bool all = std::holds_alternative<AnyAddress>(range);
    longest = std::max(longest, prefix != nullptr ? prefix->length
                                : all             ? 0
                                                  : kAzureMediaRange.length);
  }
  return longest;
}

}  // namespace callflow::wire
