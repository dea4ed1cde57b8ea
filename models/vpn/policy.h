// What a tunnel makes of a packet. Pure.
#pragma once

#include "models/vpn/parameters.h"
#include "src/units/units.h"

namespace callflow::vpn {

// A packet of `inner` bytes of IP as the tunnel carries it: the outer IP packet over UDP, a message
// of the stream over TCP.
DataSize wrappedSize(const Encapsulation& how, DataSize inner);

// As it is carried once it has fallen back to TCP. Precondition: it does.
Encapsulation fallenBack(const Vpn& vpn);

// What an end that has sent nothing sends, as wrappedSize() counts. What has fallen back sends an
// empty packet.
DataSize keepaliveSize(const Vpn& vpn, const Encapsulation& how);

// The largest IP packet that TCP connections through the tunnel believe in.
DataSize packetForTcp(const Vpn& vpn);

}  // namespace callflow::vpn
