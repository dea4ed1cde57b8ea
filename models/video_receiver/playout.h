// Which frame goes to the decoder next, and when: libwebrtc's FrameDecodeTiming.
#pragma once

#include <cstdint>
#include <optional>

#include "models/video_receiver/frame_buffer.h"
#include "models/video_receiver/timing.h"
#include "src/units/units.h"

namespace callflow::video_receiver {

struct Turn {
  std::int64_t frame = 0;
  TimePoint decode;  // when it goes to the decoder
  TimePoint shown;   // and when it is to be shown
};

// Frames that are late are dropped if a later one can be decoded in their place. No frame waits
// longer than until `limit`. Nothing if there is none.
std::optional<Turn> nextTurn(FrameBuffer& buffer, const Timing& timing, TimePoint limit,
                             TimePoint now);

// Where only a key frame will do: the first decodable one, at once; what is before it is dropped.
std::optional<Turn> keyFrameTurn(FrameBuffer& buffer, const Timing& timing, TimePoint now);

// Whether the clocks have gone so far apart that timing starts anew.
bool timingIsBroken(const Timing& timing, TimePoint shown, TimePoint now);

}  // namespace callflow::video_receiver
