// The bytes of a tunnel's own packets: the few that are in the clear. A VPN is given by what it
// adds to packets, not by its product: which one it is, is told by the port of its gateway, as
// whoever looks on would tell.
#pragma once

#include <cstdint>

#include "models/wire/bytes.h"
#include "src/units/units.h"

namespace callflow::vpn {

// What is in the datagram of an outer IP packet of so many bytes, the `number`th of its direction,
// which this `association` tells from others.
void writeOuter(std::uint16_t port, DataSize ipPacket, std::uint32_t association,
                std::uint32_t number, wire::Bytes& bytes);
// What is before a packet in a stream, whose message with it has `size`.
void writeInStream(DataSize overhead, DataSize size, std::uint32_t association, wire::Bytes& bytes);

}  // namespace callflow::vpn
