// What a tunnel makes of a packet. Pure.
#pragma once

#include "models/vpn/parameters.h"
#include "src/units/units.h"

namespace callflow::vpn {

// A packet of `inner` bytes of IP as the tunnel carries it: the outer IP packet over UDP, a message
// of the stream over TCP.
DataSize wrappedSize(const Encapsulation& how, DataSize inner);

// The largest IP packet that TCP connections through the tunnel believe in.
DataSize packetForTcp(const Vpn& vpn);

}  // namespace callflow::vpn
