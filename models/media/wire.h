// How many bytes a media packet has on the wire, header by header.
#pragma once

#include <cstdint>

#include "models/wire/header_sizes.h"
#include "src/units/units.h"

namespace callflow::media {

namespace wire = callflow::wire;

// How a media packet travels between a client and its first counterpart.
enum class Encapsulation : std::uint8_t {
  udp,                // straight to the peer
  turnUdp,            // TURN ChannelData over UDP
  turnUdpIndication,  // TURN Send or Data indication over UDP, before a channel is bound
  iceTcp,             // RFC 4571 framing over TCP to the peer
  turnTcp,            // TURN ChannelData over TCP
};

constexpr bool overTcp(Encapsulation encapsulation) {
  return encapsulation == Encapsulation::iceTcp || encapsulation == Encapsulation::turnTcp;
}

// `size` rounded up to whole 32-bit words.
constexpr DataSize padded(DataSize size) {
  return DataSize::bytes((size.count() + 3) / 4 * 4);
}

// The RTP packet of a payload, protected by SRTP.
constexpr DataSize srtpSize(DataSize payload, DataSize extensions = wire::kRtpExtensions) {
  return wire::kRtpHeader + extensions + payload + wire::kSrtpTag;
}

// What is handed to UDP as one datagram, or written to the TCP stream as one message, for an SRTP
// packet. ChannelData is padded to 4 bytes over TCP only (RFC 8656 12.5); attributes of an
// indication always are (RFC 8489 14).
constexpr DataSize messageSize(Encapsulation encapsulation, DataSize srtp) {
  switch (encapsulation) {
    case Encapsulation::udp:
      return srtp;
    case Encapsulation::turnUdp:
      return wire::kChannelDataHeader + srtp;
    case Encapsulation::turnUdpIndication:
      return wire::kSendIndicationHeader + padded(srtp);
    case Encapsulation::iceTcp:
      return wire::kRtpFraming + srtp;
    case Encapsulation::turnTcp:
      return wire::kChannelDataHeader + padded(srtp);
  }
  return srtp;
}

// The IPv4 packet that carries the message; over TCP when the message has a segment to itself.
constexpr DataSize ipSize(Encapsulation encapsulation, DataSize srtp) {
  const DataSize transport =
      overTcp(encapsulation) ? wire::kTcpHeader + wire::kTcpTimestamps : wire::kUdpHeader;
  return wire::kIpv4Header + transport + messageSize(encapsulation, srtp);
}

}  // namespace callflow::media
