// Sets of addresses and of ports, as rules name them.
#pragma once

#include <cstdint>
#include <variant>

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

}  // namespace callflow::wire
