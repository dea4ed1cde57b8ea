// The bytes of handshakes and records, for those who capture packets: as much as is in the clear.
// What is encrypted, and certificates, are content that nobody knows.
#pragma once

#include <cstddef>

#include "models/transport/parameters.h"
#include "models/wire/bytes.h"
#include "src/units/units.h"

namespace callflow::transport {

// A flight of handshake(), of exactly its size.
void writeHandshakeFlight(Security security, std::size_t flight, wire::Bytes& bytes);
// A flight of tunnelHandshake(), of exactly its size.
void writeTunnelFlight(int challenges, std::size_t flight, wire::Bytes& bytes);
// The header of a record of application data of so many bytes, header included.
void writeApplicationRecord(DataSize size, wire::Bytes& bytes);

}  // namespace callflow::transport
