// A frame in RTP packets.
#pragma once

#include <cstdint>
#include <vector>

#include "models/video/parameters.h"
#include "src/units/units.h"

namespace callflow::video {

// libwebrtc: media_constants.cc (kVideoMtu). The largest RTP packet, before SRTP.
inline constexpr DataSize kLargestRtp = DataSize::bytes(1200);
// Kept free, so that the packet can be sent again with its number in front (RFC 4588 4).
inline constexpr DataSize kOriginalNumber = DataSize::bytes(2);

// Kept free for parity over the packet (libwebrtc: rtp_sender_video.cc, FecPacketOverhead). ULPFEC:
// its header of 18 B, that of RFC 2198 of 1 B, and 52 B of the extensions that might be in it;
// FlexFEC: its header.
inline constexpr DataSize kKeptForUlpfec = DataSize::bytes(71);
inline constexpr DataSize kKeptForFlexfec = DataSize::bytes(32);
// RFC 2198 3: the header of the only block, in all packets of a stream with ULPFEC.
inline constexpr DataSize kRedHeader = DataSize::bytes(1);

struct Packetization {
  Codec codec = Codec::vp8;
  bool layered = false;  // several temporal or spatial layers: payload descriptors say which
  DataSize extensions = DataSize::bytes(20);  // RTP header extensions with their header
  Fec fec = Fec::none;                        // not automatic
  bool retransmitted = true;                  // lost packets are sent again as RTX
};

struct VideoPacket {
  DataSize payload;     // of RTP: payload descriptor and the codec's bytes
  DataSize srtp;        // what is handed to the transport
  bool marker = false;  // the frame's last (RFC 3550 5.1)
};

// The packet with parity over packets, of which `longest` is the longest as it is handed to the
// transport. `reach`: how far apart they are by number.
DataSize parityPacket(DataSize longest, std::int64_t reach, const Packetization& format);

// In order, near-equal in size as libwebrtc makes them. `size`: of the codec's bytes, more than
// none.
std::vector<VideoPacket> packetize(DataSize size, bool key, const Packetization& format);

// So many bytes in pieces of at most `largest`, the fewest there can be; the later ones a byte
// longer where they do not come out even. The first is `firstShorter` shorter than the others may
// be.
std::vector<DataSize> nearEqualPieces(DataSize total, DataSize largest,
                                      DataSize firstShorter = DataSize{});

}  // namespace callflow::video
