// What becomes of a frame, and what of it is heard.
#pragma once

#include <cstdint>

namespace callflow::receiver {

enum class FrameFate : std::uint8_t { played, late, lost, inFlight };

enum class PlayoutSound : std::uint8_t {
  played,     // a frame, from the packet it was sent in or one that was sent once more
  recovered,  // a frame, from what another packet carried of it (in-band FEC, RED)
  concealed,  // made up, in place of the frame or while waiting for it
  paused,     // comfort noise: before the frame, or the frame, if it announces a pause
  stretched,  // while the frame was played, sound was inserted or (negative) removed
};

}  // namespace callflow::receiver
