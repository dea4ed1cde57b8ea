// A frame in RTP packets.
#pragma once

#include <vector>

#include "models/video/parameters.h"
#include "src/units/units.h"

namespace callflow::video {

// libwebrtc: media_constants.cc (kVideoMtu). The largest RTP packet, before SRTP.
inline constexpr DataSize kLargestRtp = DataSize::bytes(1200);
// Kept free, so that the packet can be sent again with its number in front (RFC 4588 4).
inline constexpr DataSize kOriginalNumber = DataSize::bytes(2);

struct Packetization {
  Codec codec = Codec::vp8;
  bool layered = false;  // several temporal or spatial layers: payload descriptors say which
  DataSize extensions = DataSize::bytes(20);  // RTP header extensions with their header
  bool retransmitted = true;                  // lost packets are sent again as RTX
};

struct VideoPacket {
  DataSize payload;     // of RTP: payload descriptor and the codec's bytes
  DataSize srtp;        // what is handed to the transport
  bool marker = false;  // the frame's last (RFC 3550 5.1)
};

// In order, near-equal in size as libwebrtc makes them. `size`: of the codec's bytes, more than
// none.
std::vector<VideoPacket> packetize(DataSize size, bool key, const Packetization& format);

// So many bytes in pieces of at most `largest`, the fewest there can be; the later ones a byte
// longer where they do not come out even. The first is `firstShorter` shorter than the others may
// be.
std::vector<DataSize> nearEqualPieces(DataSize total, DataSize largest,
                                      DataSize firstShorter = DataSize{});

}  // namespace callflow::video
