// What protects a client's connection to its relay, and what that costs on the wire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "models/transport/parameters.h"
#include "models/transport/stream.h"
#include "src/units/units.h"

namespace callflow::transport {

// What a write grows by; each write becomes one record.
DataSize recordOverhead(Security security);

// One side's turn in the handshake; the next one begins when it has arrived.
struct Flight {
  End from = End::client;
  DataSize size;
};
std::span<const Flight> handshake(Security security);
// What a client and an HTTP proxy say before the tunnel stands: CONNECT, and the answer when the
// proxy's own connection is open (RFC 9110 9.3.6).
std::span<const Flight> tunnelHandshake(int challenges);

// How many flights must have arrived before this end may send data.
std::size_t flightsBeforeData(Security security, End end);

}  // namespace callflow::transport
