// What of a rate is left for the codec's bytes (libwebrtc: rtp_video_sender.cc): packets are taken
// to be as large as they may be, a whole number of them a second.
#pragma once

#include <algorithm>
#include <cstdint>

#include "src/units/units.h"

namespace callflow::video {

// `headers`: of one packet, all that the rate counts beside the codec's bytes. `largest`: a packet
// with them.
constexpr DataRate payloadRate(DataRate rate, DataSize headers, DataSize largest) {
  const std::int64_t bits = largest.count() * 8;
  const std::int64_t packets = (rate.count() + bits - 1) / bits;
  return std::max(DataRate{}, rate - DataRate::bitsPerSecond(packets * headers.count() * 8));
}

}  // namespace callflow::video
