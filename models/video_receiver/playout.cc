#include "models/video_receiver/playout.h"

#include <algorithm>

namespace callflow::video_receiver {
namespace {

// libwebrtc, video/frame_decode_timing.h.
constexpr Duration kMostLate = Duration::ms(5);
// modules/video_coding/frame_helpers.cc.
constexpr Duration kMostDelay = Duration::s(10);

}  // namespace

std::optional<Turn> nextTurn(FrameBuffer& buffer, const Timing& timing, TimePoint limit,
                             TimePoint now) {
  while (const Frame* const frame = buffer.next()) {
    const TimePoint shown = timing.renderTime(frame->captured, now);
    const TimePoint decode = timing.latestDecode(shown);
    if (now - decode >= kMostLate && frame != buffer.last()) {
      buffer.dropNext();
      continue;
    }
    return Turn{frame->number, std::max(std::min(decode, limit), now), shown};
  }
  return std::nullopt;
}

std::optional<Turn> keyFrameTurn(FrameBuffer& buffer, const Timing& timing, TimePoint now) {
  while (const Frame* const frame = buffer.next()) {
    if (frame->key) return Turn{frame->number, now, timing.renderTime(frame->captured, now)};
    buffer.dropNext();
  }
  return std::nullopt;
}

bool timingIsBroken(const Timing& timing, TimePoint shown, TimePoint now) {
  return shown - now > kMostDelay || now - shown > kMostDelay || timing.target() > kMostDelay;
}

}  // namespace callflow::video_receiver
