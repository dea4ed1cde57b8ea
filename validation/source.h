// The media that the measurements sent.
#pragma once

#include <vector>

#include "src/units/units.h"

namespace callflow::validation {

struct MediaPacket {
  Duration due;  // since the first packet
  DataSize size;
  bool endsFrame = true;
  Duration frameStart;
};

// 172 bytes every 20 ms.
std::vector<MediaPacket> audioSource(Duration length);

// 30 frames a second in packets of equal size, at most 1200 bytes, written back to back; every
// 120th frame, beginning with the first, is a key frame.
//
// Found from the measurements over UDP without loss: 11025 packets in 1800 frames are 6 a frame and
// 225 more. 15 frames of the minute (frame_p99 is just beyond them) hold the 2 Mbit/s link for
// 99.4 ms: 21 packets, 15 more than the others, and 15 x 15 are the 225. Key frames of four others'
// size at 1.5 Mbit/s make 24390 and 6097 bytes, which puts frame_p50 at 50.09 ms (measured 50.10)
// and stall_max at 99.40 (99.47). Equal packets put delay_p50, the fourth packet of a frame, at
// 41.66 (41.65); five full ones and a small one would at 44.6.
std::vector<MediaPacket> videoSource(Duration length);

}  // namespace callflow::validation
