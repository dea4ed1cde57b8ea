// The bytes of a packet of the fabric, as a network card would see them: IPv4, and what its owner
// says of the rest.
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/fabric/fabric.h"
#include "models/wire/bytes.h"

namespace callflow::capture {

// RFC 1071, of `bytes` from `begin` to the end; `start` is what is summed beside them.
std::uint16_t internetChecksum(const wire::Bytes& bytes, std::size_t begin,
                               std::uint32_t start = 0);

// RFC 791's identification: the same wherever the packet is seen, for its fragments too, until
// another sends it on. A sender would count; a packet of the fabric has no room for its number, so
// it is drawn from what tells packets apart.
std::uint16_t identification(const fabric::Packet& packet, bool isFragment);

// The whole packet, from its IP header on.
wire::Bytes ipPacket(const fabric::Fabric& fabric, const fabric::Packet& packet);

}  // namespace callflow::capture
