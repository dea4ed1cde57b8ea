// An IP packet of a capture (RFC 791, RFC 8200).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "src/measurement/bytes.h"

namespace callflow::measurement {

struct IpPacket {
  bool six = false;      // version 6
  std::string from, to;  // addresses as they are in the packet
  std::uint32_t protocol = 0;
  std::size_t length = 0;  // of what it carries, as it was sent
  Bytes carried;           // as much of that as was captured
};

// Whether packets of captures of this link type are read.
bool isKnownLink(std::uint32_t linkType);

// Nothing if it is something else than IP, or a later piece of a packet.
std::optional<IpPacket> ipPacketOf(const Bytes& packet, std::uint32_t linkType);

// "192.0.2.1", of an address as it is in a packet.
std::string addressText(const std::string& address);

}  // namespace callflow::measurement
