// Jitter buffers: when each received frame is played, what is concealed, what comes too late. They
// have no events of their own: playout is worked out when the next frame arrives, up to that
// instant.
#pragma once

#include <cstdint>
#include <memory>

#include "src/units/units.h"

namespace callflow::receiver {

// Told what the listener hears, in the order of playout.
class PlayoutListener {
 public:
  // The frame starts to sound at `at`.
  virtual void played(std::int64_t sequence, TimePoint at) = 0;
  // `length` of sound is made up, from `at`: in place of a frame that is missing (called once for
  // each, each will never be played), or while waiting for a frame that is played afterwards.
  virtual void concealed(std::int64_t sequence, TimePoint at, Duration length) = 0;
  // A frame that was in the buffer is thrown away unplayed: the buffer overflowed.
  virtual void discarded(std::int64_t sequence) = 0;

 protected:
  ~PlayoutListener() = default;
};

enum class Arrival : std::uint8_t { buffered, late, duplicate };

class JitterBuffer {
 public:
  virtual ~JitterBuffer() = default;
  // A frame that was sent at `sent` is handed over at `received`; calls must be in order of
  // `received`. Plays first what was due before `received`; a frame that comes at the very instant
  // of its playout is in time. A late frame (its place has been concealed) and a duplicate are
  // ignored.
  virtual Arrival arrived(std::int64_t sequence, TimePoint sent, TimePoint received,
                          PlayoutListener& listener) = 0;
  // Nothing will arrive any more: plays the rest, and conceals what is missing up to `last`.
  // Nothing to do if no frame ever arrived.
  virtual void finish(std::int64_t last, PlayoutListener& listener) = 0;
  // What the buffer aims at just now.
  virtual Duration target() const = 0;
};

struct FixedBuffer {
  Duration frame;
  Duration delay;  // from the arrival of the first frame to its playout
};

// Frame k is played `delay` + k frames after the arrival of the first one; what is not there then
// is concealed.
std::unique_ptr<JitterBuffer> makeJitterBuffer(const FixedBuffer& parameters);

struct AdaptiveBuffer {
  Duration frame;
  Duration initial = Duration::ms(80);  // libwebrtc: kStartDelayMs
  Duration minimum;                     // bounds of the target
  Duration maximum = Duration::s(3);    // libwebrtc: three quarters of 200 packets of 20 ms
};

// In the spirit of NetEq (libwebrtc M125: modules/audio_coding/neteq/decision_logic.cc), on a clock
// of its own instead of 10 ms ticks:
// - the target is DelayTarget's; the first frame is played when it has waited for the initial
// target;
// - a frame is played when its turn comes and it is there. If nothing is there, sound is made up,
// 10 ms at a time, until
//   something is: the wait becomes delay. A missing frame of which a later one is there is given up
//   once its time has been made up for;
// - playout delay is the playout time of a frame less the time it was sent, less the smallest
// transit time. Below the
//   target a frame is stretched by 10 ms; at or above the target + the largest relative delay of
//   the last 2 s + 20 ms it is shortened by 10 ms. At most once in 100 ms (libwebrtc's own bound:
//   about 100 ms a second), by half a frame at most, and not right after made-up sound;
// - more than 200 frames are never held: the buffer is emptied and playout goes on with the frame
// that came.
std::unique_ptr<JitterBuffer> makeJitterBuffer(const AdaptiveBuffer& parameters);

}  // namespace callflow::receiver
