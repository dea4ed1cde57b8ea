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

// In the spirit of NetEq (libwebrtc M125, modules/audio_coding/neteq); adaptive_buffer.h has the
// rule.
std::unique_ptr<JitterBuffer> makeJitterBuffer(const AdaptiveBuffer& parameters);

}  // namespace callflow::receiver
