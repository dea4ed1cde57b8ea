// What an RTP packet of a session is, whatever carries it.
#pragma once

#include <cstdint>

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

struct Packet {
  PacketKind kind = PacketKind::video;
  std::uint8_t stream = 0;  // of the session's, by the order in which they were added
  int cluster = -1;         // of the probe that it is part of (congestion::kNoCluster: of none)
  DataSize size;            // SRTP
  video_receiver::Packet video;  // of video and retransmissions
};

}  // namespace callflow::rtp
