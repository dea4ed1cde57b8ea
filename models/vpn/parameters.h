// What a VPN is given by: the gateway, and what it tells its clients.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/fabric/box_kind.h"
#include "models/firewall/parameters.h"
#include "models/transport/parameters.h"
#include "models/wire/address_range.h"
#include "src/units/units.h"

namespace callflow::vpn {

// What carries the tunnel's packets.
enum class Carriage : std::uint8_t { udp, tcp };

// How what the tunnel carries gets into outer packets.
struct Encapsulation {
  Carriage over = Carriage::udp;
  std::uint16_t port = 4500;  // of the gateway
  // All that is added to a packet: over UDP from the outer IP header on, over TCP to the stream.
  DataSize overhead;
  DataSize trailer;  // added before padding, and counted in it
  DataSize block;    // a packet with its trailer is padded to a multiple of this; at least 1 B
  DataSize mtu;      // largest packet that enters in one piece
};

// How it is carried where UDP does not get through between client and gateway.
struct Fallback {
  std::uint16_t port = 443;  // of the gateway, TCP
  DataSize overhead;         // what the stream holds beside each packet
};

// Which ends keep the tunnel alive.
enum class KeepaliveFrom : std::uint8_t { client, both };

// The largest segments that TCP connections through the tunnel are told to send.
enum class SegmentClamp : std::uint8_t {
  fits,  // what enters in one piece
  none   // what their ends think: full segments vanish if they do not fit
};

struct Vpn {
  Encapsulation encapsulation;
  std::optional<Fallback> fallback;
  std::optional<Duration> keepalive;  // after which an end that has sent nothing sends a packet
  DataSize keepaliveSize;             // over UDP the outer IP packet, over TCP in the stream
  KeepaliveFrom keepaliveFrom = KeepaliveFrom::client;
  Duration reconnect;  // from its link being up again until it carries packets
  SegmentClamp clamp = SegmentClamp::fits;
  std::optional<DataSize> largestSegment;  // written into SYNs instead
  bool copiesDscp = false;                 // to the outer packet; else it asks for nothing
  // Which destinations a client's packets take the tunnel to: all; or only these; or all but these.
  std::vector<wire::AddressRange> only, except;
  wire::Prefix clients;  // the addresses that it gives them

  // Of the gateway.
  DataRate capacity = DataRate::unlimited();  // what it can encrypt and decrypt, both ways together
  Duration backlog;                           // what it keeps when it cannot; more is dropped
  Duration processing;                        // of each packet, at the gateway and at the client
  std::vector<firewall::Rule> rules;          // for what clients send and get; else all is allowed

  // Over TCP, from the start or fallen back to.
  transport::Tcp tcp;
  DataSize queue;  // what waits in front of the tunnel's socket; more is dropped
};

// Whether a client sends to this address through the tunnel. The longest prefix wins, as in a table
// of routes; of two as long the one that keeps out.
inline bool enters(const Vpn& vpn, wire::Ipv4 destination) {
  const int in = vpn.only.empty() ? 0 : wire::longestMatch(vpn.only, destination);
  return in > wire::longestMatch(vpn.except, destination);
}

// Whether a client takes the address for one of the local network that it is in, which has these
// prefixes: they are in the same table of routes, and the tunnel needs a longer one.
inline bool staysHome(const Vpn& vpn, const std::vector<wire::Prefix>& home,
                      wire::Ipv4 destination) {
  int in = vpn.only.empty() ? 0 : wire::longestMatch(vpn.only, destination);
  if (vpn.clients.contains(destination)) in = std::max(in, vpn.clients.length);
  return std::any_of(home.begin(), home.end(), [&](const wire::Prefix& prefix) {
    return prefix.contains(destination) && prefix.length >= in;
  });
}

// The gateway's outside: what crosses the uplink and is not the tunnel's passes it.
inline fabric::BoxRole roleOf(const Vpn&) {
  return {.name = "VPN gateway", .tunnels = true};
}
const config::Table<Fallback>& tableOf(const Fallback*);
const config::Table<Vpn>& tableOf(const Vpn*);
std::unique_ptr<fabric::Box> makeBox(const Vpn& parameters, const fabric::BoxPlace& place);

}  // namespace callflow::vpn
