// Kinds of frames.
#pragma once

#include <cstdint>

namespace callflow::receiver {

// What the sound of a frame is. A quiet one lies between words: next to nothing is heard in it.
// Comfort noise stands until the next frame, however long that takes: a sender that pauses (DTX)
// sends it before the pause.
enum class FrameKind : std::uint8_t { speech, quiet, comfortNoise };

}  // namespace callflow::receiver
