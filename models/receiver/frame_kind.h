// Kinds of frames.
#pragma once

#include <cstdint>

namespace callflow::receiver {

// What the sound of a frame is. A quiet one lies between words: next to nothing is heard in it.
// Comfort noise stands until the next frame, however long that takes: a sender that pauses (DTX)
// sends it before the pause, and again in it. Behind the end nothing comes that could be missed,
// until sound does: a server stops sending on what nobody needs to hear.
enum class FrameKind : std::uint8_t { speech, quiet, comfortNoise, end };

// It stands for all that follows until the next.
constexpr bool beginsPause(FrameKind kind) {
  return kind == FrameKind::comfortNoise || kind == FrameKind::end;
}

}  // namespace callflow::receiver
