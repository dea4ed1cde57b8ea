// How many bytes a media packet has on the wire, header by header.
#pragma once

#include <cstdint>

#include "src/units/units.h"

namespace callflow::media {

namespace wire {
inline constexpr DataSize ipv4Header = DataSize::bytes(20);  // RFC 791 3.1, no options
inline constexpr DataSize udpHeader = DataSize::bytes(8);    // RFC 768
inline constexpr DataSize tcpHeader = DataSize::bytes(20);   // RFC 9293 3.1
inline constexpr DataSize tcpTimestamps =
    DataSize::bytes(12);                                    // RFC 7323 3.2: 10, and 2 of padding
inline constexpr DataSize rtpHeader = DataSize::bytes(12);  // RFC 3550 5.1, no CSRC
inline constexpr DataSize rtpExtensions =
    DataSize::bytes(16);  // RFC 8285 4.2: 4, then audio level (1+1), send time
                          // (1+3), transport sequence (1+2), MID (1+1), padding
inline constexpr DataSize srtpTag = DataSize::bytes(10);  // RFC 3711 5.2: HMAC-SHA1-80
inline constexpr DataSize rtpFraming =
    DataSize::bytes(2);  // RFC 4571 2: length before each packet over TCP
inline constexpr DataSize channelDataHeader = DataSize::bytes(4);  // RFC 8656 12.4
// RFC 8656 10 and 11, RFC 8489 5 and 14: STUN header 20, XOR-PEER-ADDRESS of an IPv4 peer 12, DATA
// attribute header 4.
inline constexpr DataSize sendIndicationHeader = DataSize::bytes(36);
}  // namespace wire

// How a media packet travels between a client and its first counterpart.
enum class Encapsulation : std::uint8_t {
  udp,                  // straight to the peer
  turn_udp,             // TURN ChannelData over UDP
  turn_udp_indication,  // TURN Send or Data indication over UDP, before a channel is bound
  ice_tcp,              // RFC 4571 framing over TCP to the peer
  turn_tcp,             // TURN ChannelData over TCP
};

constexpr bool overTcp(Encapsulation encapsulation) {
  return encapsulation == Encapsulation::ice_tcp || encapsulation == Encapsulation::turn_tcp;
}

// `size` rounded up to whole 32-bit words.
constexpr DataSize padded(DataSize size) {
  return DataSize::bytes((size.count() + 3) / 4 * 4);
}

// The RTP packet of a payload, protected by SRTP.
constexpr DataSize srtpSize(DataSize payload, DataSize extensions = wire::rtpExtensions) {
  return wire::rtpHeader + extensions + payload + wire::srtpTag;
}

// What is handed to UDP as one datagram, or written to the TCP stream as one message, for an SRTP
// packet. ChannelData is padded to 4 bytes over TCP only (RFC 8656 12.5); attributes of an
// indication always are (RFC 8489 14).
constexpr DataSize messageSize(Encapsulation encapsulation, DataSize srtp) {
  switch (encapsulation) {
    case Encapsulation::udp:
      return srtp;
    case Encapsulation::turn_udp:
      return wire::channelDataHeader + srtp;
    case Encapsulation::turn_udp_indication:
      return wire::sendIndicationHeader + padded(srtp);
    case Encapsulation::ice_tcp:
      return wire::rtpFraming + srtp;
    case Encapsulation::turn_tcp:
      return wire::channelDataHeader + padded(srtp);
  }
  return srtp;
}

// The IPv4 packet that carries the message; over TCP when the message has a segment to itself.
constexpr DataSize ipSize(Encapsulation encapsulation, DataSize srtp) {
  const DataSize transport =
      overTcp(encapsulation) ? wire::tcpHeader + wire::tcpTimestamps : wire::udpHeader;
  return wire::ipv4Header + transport + messageSize(encapsulation, srtp);
}

}  // namespace callflow::media
