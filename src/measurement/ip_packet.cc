#include "src/measurement/ip_packet.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace callflow::measurement {
namespace {

// Of https://www.tcpdump.org/linktypes.html: how much stands before IP, and where in it the type of
// Ethernet, if there is one.
struct Link {
  std::uint32_t type = 0;
  std::size_t header = 0;
  std::optional<std::size_t> etherType = {};
};

constexpr std::array kLinks{
    Link{0, 4},         // BSD's loopback and macOS' tunnels
    Link{1, 14, 12},    // Ethernet
    Link{101, 0},       // raw IP
    Link{108, 4},       // OpenBSD's loopback
    Link{113, 16, 14},  // Linux cooked
    Link{228, 0},       // IPv4
    Link{229, 0},       // IPv6
    Link{276, 20, 0},   // Linux cooked, version 2
};

const Link* linkOf(std::uint32_t type) {
  const auto* link = std::find_if(kLinks.begin(), kLinks.end(),
                                  [type](const Link& one) { return one.type == type; });
  return link == kLinks.end() ? nullptr : link;
}

bool isVlan(std::optional<std::uint32_t> type) {
  return type == 0x8100U || type == 0x88a8U;  // IEEE 802.1Q
}

// Where IP begins.
std::optional<std::size_t> ipAt(const Bytes& packet, std::uint32_t linkType) {
  const Link* link = linkOf(linkType);
  if (link == nullptr) return std::nullopt;
  if (!link->etherType) return link->header;
  auto type = packet.pair(*link->etherType);
  std::size_t at = link->header;
  for (; isVlan(type); at += 4) type = packet.pair(at + 2);
  if (type != 0x0800U && type != 0x86ddU) return std::nullopt;
  return at;
}

IpPacket packetOf(const Bytes& packet, std::size_t addresses, std::size_t each, std::size_t carried,
                  std::size_t length) {
  return {.six = each == 16,
          .from = std::string(packet.part(addresses, each)),
          .to = std::string(packet.part(addresses + each, each)),
          .length = length,
          .carried = Bytes(packet.part(carried, length))};
}

}  // namespace

bool isKnownLink(std::uint32_t linkType) {
  return linkOf(linkType) != nullptr;
}

std::optional<IpPacket> ipPacketOf(const Bytes& packet, std::uint32_t linkType) {
  const auto ip = ipAt(packet, linkType);
  const auto first = ip ? packet.byte(*ip) : std::nullopt;
  if (!first) return std::nullopt;
  if (*first >> 4 == 4) {
    const std::size_t header = (*first & 0xf) * 4;
    const auto length = packet.pair(*ip + 2), piece = packet.pair(*ip + 6);
    const auto protocol = packet.byte(*ip + 9);
    if (!length || *length < header || !piece || (*piece & 0x1fff) != 0 || !protocol ||
        packet.size() < *ip + header)
      return std::nullopt;
    IpPacket read = packetOf(packet, *ip + 12, 4, *ip + header, *length - header);
    read.protocol = *protocol;
    return read;
  }
  constexpr std::size_t kHeader = 40;
  const auto length = packet.pair(*ip + 4), protocol = packet.byte(*ip + 6);
  if (*first >> 4 != 6 || !length || !protocol || packet.size() < *ip + kHeader)
    return std::nullopt;
  IpPacket read = packetOf(packet, *ip + 8, 16, *ip + kHeader, *length);
  read.protocol = *protocol;
  return read;
}

std::string addressText(const std::string& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = address.size() == 4 ? AF_INET : AF_INET6;
  if (address.size() != 4 && address.size() != 16) return "?";
  ::inet_ntop(family, address.data(), text.data(), text.size());
  return text.data();
}

}  // namespace callflow::measurement
