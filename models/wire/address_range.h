// Sets of addresses, of ports and of protocols, as rules name them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
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

// Parts of the service that rules name.
enum class Service : std::uint8_t { azure, acsMedia, acsSignaling };

// Of signaling Microsoft publishes host names only. These are the ranges of Teams' signaling
// (Microsoft 365 endpoints 11 and 12, July 2022), which Azure Communication Services shares.
inline constexpr Prefix kSignalingRanges[] = {{Ipv4::of(52, 112, 0, 0), 14},
                                              {Ipv4::of(52, 120, 0, 0), 14}};

constexpr std::span<const Prefix> rangesOf(Service service) {
  if (service == Service::acsSignaling) return kSignalingRanges;
  return {&kAzureMediaRange, 1};
}

struct AnyAddress {};
// A site, a device or somebody of the network. Its addresses are known when the network stands.
struct Place {
  std::string name;
  std::vector<Prefix> prefixes = {};
};
using AddressRange = std::variant<AnyAddress, Service, Prefix, Place>;

inline bool contains(std::span<const Prefix> prefixes, Ipv4 candidate) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const Prefix& prefix) { return prefix.contains(candidate); });
}

// None for any.
inline std::span<const Prefix> prefixesOf(const AddressRange& range) {
  if (const auto* prefix = std::get_if<Prefix>(&range)) return {prefix, 1};
  if (const auto* service = std::get_if<Service>(&range)) return rangesOf(*service);
  if (const auto* place = std::get_if<Place>(&range)) return place->prefixes;
  return {};
}
inline bool contains(const AddressRange& range, Ipv4 candidate) {
  return std::holds_alternative<AnyAddress>(range) || contains(prefixesOf(range), candidate);
}

// Whether an address is in one of these; none: any.
inline bool contains(const std::vector<AddressRange>& ranges, Ipv4 candidate) {
  return ranges.empty() ||
         std::any_of(ranges.begin(), ranges.end(),
                     [&](const AddressRange& range) { return contains(range, candidate); });
}

// Of the longest of these ranges that holds the address, as tables of routes choose; -1: none does.
inline int longestMatch(const std::vector<AddressRange>& ranges, Ipv4 address) {
  int longest = -1;
  for (const AddressRange& range : ranges) {
    if (!contains(range, address)) continue;
    longest = std::max(longest, 0);
    for (const Prefix& prefix : prefixesOf(range))
      if (prefix.contains(address)) longest = std::max(longest, prefix.length);
  }
  return longest;
}

}  // namespace callflow::wire
