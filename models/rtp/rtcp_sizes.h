// Sizes of RTCP messages as SRTCP packets (RFC 3711 3.4), in bytes.
#pragma once

#include <cstdint>

#include "src/units/units.h"

namespace callflow::rtp {

// RFC 3711 3.4: index and authentication tag.
inline constexpr std::int64_t kSrtcp = 14;
// RFC 3550 6.4: headers of reports, and what they say of one stream.
inline constexpr std::int64_t kSenderReport = 28, kReceiverReport = 8, kReportBlock = 24;
// RFC 3550 6.5: with a CNAME of 16 characters.
inline constexpr std::int64_t kSdes = 28;
// RFC 3611 4.4 and 4.5, of one receiver: with its block's own header.
inline constexpr std::int64_t kReceiverReferenceTime = 20;

// RFC 4585 6.3.1.
constexpr DataSize pictureLossSize() {
  return DataSize::bytes(12 + kSrtcp);
}

// RFC 4585 6.2.1: each entry names a packet and any of the 16 behind it. `entries`: so many.
constexpr DataSize nackSize(std::int64_t entries) {
  return DataSize::bytes(12 + 4 * entries + kSrtcp);
}

// draft-holmer-rmcat-transport-wide-cc-extensions-01 3.1: header 20, a chunk of 2 for up to 7
// packets whose symbols have two bits, a delta of 1 for each that came (of 2, if it came more than
// 63.75 ms after the one before), in whole words.
constexpr DataSize transportFeedbackSize(std::int64_t packets, std::int64_t arrived,
                                         std::int64_t late) {
  const std::int64_t bytes = 20 + (packets + 6) / 7 * 2 + arrived + late;
  return DataSize::bytes((bytes + 3) / 4 * 4 + kSrtcp);
}

}  // namespace callflow::rtp
