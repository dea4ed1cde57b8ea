// What each header costs on the wire.
#pragma once

#include "src/units/units.h"

namespace callflow::wire {

inline constexpr DataSize kIpv4Header = DataSize::bytes(20);  // RFC 791 3.1, no options
inline constexpr DataSize kUdpHeader = DataSize::bytes(8);    // RFC 768
inline constexpr DataSize kTcpHeader = DataSize::bytes(20);   // RFC 9293 3.1
inline constexpr DataSize kTcpTimestamps =
    DataSize::bytes(12);                                     // RFC 7323 3.2: 10, and 2 of padding
inline constexpr DataSize kRtpHeader = DataSize::bytes(12);  // RFC 3550 5.1, no CSRC
inline constexpr DataSize kRtpExtensions =
    DataSize::bytes(16);  // RFC 8285 4.2: 4, then audio level (1+1), send time
                          // (1+3), transport sequence (1+2), MID (1+1), padding
inline constexpr DataSize kSrtpTag = DataSize::bytes(10);  // RFC 3711 5.2: HMAC-SHA1-80
inline constexpr DataSize kRtpFraming =
    DataSize::bytes(2);  // RFC 4571 2: length before each packet over TCP
inline constexpr DataSize kChannelDataHeader = DataSize::bytes(4);  // RFC 8656 12.4
// RFC 8656 10 and 11, RFC 8489 5 and 14: STUN header 20, XOR-PEER-ADDRESS of an IPv4 peer 12, DATA
// attribute header 4.
inline constexpr DataSize kSendIndicationHeader = DataSize::bytes(36);

}  // namespace callflow::wire
