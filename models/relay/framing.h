// How a TURN relay (RFC 8656) passes media on: it takes a client's packet out of the frame that it
// came in, and sends it on in the frame of the next leg. It never looks into media, keeps no queue
// and changes no codec.
#pragma once

#include <cstdint>

#include "models/media/wire.h"

namespace callflow::relay {

// The two ends of one leg of a relayed path.
enum class LegKind : std::uint8_t {
  clientUdp,  // a client and its relay over UDP: ChannelData
  clientTcp,  // a client and its relay over TCP: ChannelData, padded (RFC 8656 12.5)
  peer,       // a relay and a peer, a media processor or another relay: plain UDP
};

// What a packet is wrapped in on such a leg. A channel is bound before media flows, so Send and
// Data indications are not used.
constexpr media::Encapsulation framing(LegKind kind) {
  switch (kind) {
    case LegKind::clientUdp:
      return media::Encapsulation::turnUdp;
    case LegKind::clientTcp:
      return media::Encapsulation::turnTcp;
    case LegKind::peer:
      return media::Encapsulation::udp;
  }
  return media::Encapsulation::udp;
}

}  // namespace callflow::relay
