// What an RTP packet of a session is, whatever carries it.
#pragma once

#include <cstdint>

#include "models/fec/parity.h"
#include "models/video_receiver/packet.h"
#include "src/units/units.h"

namespace callflow::rtp {

enum class PacketKind : std::uint8_t {
  audio,
  video,
  retransmission,  // of video, RFC 4588
  fec,             // RFC 5109, RFC 8627
  padding,         // nothing but that
};

// Of parity that is in a stream of its own.
inline constexpr std::int64_t kNoNumber = -1;

struct Packet {
  PacketKind kind = PacketKind::video;
  std::uint8_t stream = 0;  // of the session's, by the order in which they were added
  bool fills = false;       // sent to fill up the rate, of whatever kind
  int cluster = -1;         // of the probe that it is part of (congestion::kNoCluster: of none)
  DataSize size;            // SRTP
  // Of video and retransmissions; of parity only its number, if it is in the stream itself.
  video_receiver::Packet video;
  fec::Parity parity;
};

}  // namespace callflow::rtp
