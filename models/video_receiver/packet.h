// A packet of a video stream as its receiver sees it, and the frame that comes of such packets.
#pragma once

#include <cstdint>

#include "src/units/units.h"

namespace callflow::video_receiver {

// What a key frame depends on.
inline constexpr std::int64_t kNoFrame = -1;

// An RTP packet with media in it, of one stream: what its header, its dependency descriptor and
// its payload's descriptor say.
struct Packet {
  std::int64_t sequence = 0;  // RTP sequence number that never wraps
  std::int64_t frame = 0;     // number of its frame: rises from frame to frame, perhaps with gaps
  // The one frame without which its frame is of no use: the last before it of the same temporal
  // layer or a lower one.
  std::int64_t dependsOn = kNoFrame;
  TimePoint captured;  // its RTP timestamp, as a time of the sender's clock
  DataSize size;       // its payload
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  std::uint8_t temporalLayer = 0;
  std::uint8_t spatialLayer = 0;
  bool first = false;  // of its frame
  bool last = false;
  bool key = false;
  bool retransmitted = false;  // came as RTX (RFC 4588)
  bool recovered = false;      // never came: other packets' parity has given it back

  // Not as it was sent first.
  bool repaired() const { return retransmitted || recovered; }
};

// A frame all of whose packets are there.
struct Frame {
  std::int64_t number = 0;
  std::int64_t dependsOn = kNoFrame;
  std::int64_t lastSequence = 0;
  TimePoint captured;
  TimePoint firstArrival;  // of its packets
  TimePoint lastArrival;
  DataSize size;
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  std::uint8_t temporalLayer = 0;
  std::uint8_t spatialLayer = 0;
  bool key = false;
  bool retransmitted = false;  // one of its packets was asked for again before it came
};

}  // namespace callflow::video_receiver
