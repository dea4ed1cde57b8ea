// Who sends to whom: IPv4 addresses, ports and the five fields that a middlebox decides by. All
// protocols, addresses and ports of callflow are of these types.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace callflow::wire {

// An IPv4 address in host byte order; the default is 0.0.0.0, which stands for "none".
struct Ipv4 {
  std::uint32_t value = 0;

  static constexpr Ipv4 of(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    return Ipv4{(std::uint32_t{a} << 24) | (std::uint32_t{b} << 16) | (std::uint32_t{c} << 8) | d};
  }
  constexpr auto operator<=>(const Ipv4&) const = default;
};

enum class Protocol : std::uint8_t { udp, tcp };

struct Endpoint {
  Ipv4 address;
  std::uint16_t port = 0;

  constexpr auto operator<=>(const Endpoint&) const = default;
};

// What a firewall and a NAT see of a packet.
struct Header5 {
  Endpoint source;
  Endpoint destination;
  Protocol protocol = Protocol::udp;

  // The header of an answer to this packet.
  constexpr Header5 reversed() const { return Header5{destination, source, protocol}; }
  constexpr auto operator<=>(const Header5&) const = default;
};

inline std::string toText(Ipv4 address) {
  const auto byte = [&](int shift) { return std::to_string((address.value >> shift) & 0xff); };
  return byte(24) + "." + byte(16) + "." + byte(8) + "." + byte(0);
}
inline std::string toText(Protocol protocol) {
  return protocol == Protocol::udp ? "udp" : "tcp";
}
inline std::string toText(Endpoint endpoint) {
  return toText(endpoint.address) + ":" + std::to_string(endpoint.port);
}
// "udp 10.1.0.5:50000 to 203.0.113.9:3478"
inline std::string toText(const Header5& header) {
  return toText(header.protocol) + " " + toText(header.source) + " to " +
         toText(header.destination);
}

}  // namespace callflow::wire
