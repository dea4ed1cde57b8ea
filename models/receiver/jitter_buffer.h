// Jitter buffers: when each received frame is played, what is concealed, what comes too late. They
// have no events of their own: playout is worked out when the next frame arrives, up to that
// instant.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "models/receiver/frame_kind.h"
#include "models/receiver/neteq_parameters.h"
#include "src/units/units.h"

namespace callflow::receiver {

// How a frame came: in the packet it was sent in, as the same packet sent again, or recovered from
// another packet (in-band FEC, RED). A redundant copy waits in the buffer as well as any, but gives
// way to a better one.
enum class FrameCopy : std::uint8_t { primary, repeated, redundant };

struct ArrivedFrame {
  std::int64_t sequence = 0;  // consecutive over all frames sent; a pause of the sender takes none
  TimePoint sent;             // the frame's own time on the sender's media clock, of any copy
  TimePoint received;
  FrameKind kind = FrameKind::speech;
  FrameCopy copy = FrameCopy::primary;
};

// What an adaptive buffer aimed at when it let a frame go.
struct Aim {
  Duration target;
  Duration minimum;  // what the network alone asks for, without bounds that were set
};

// Told what the listener hears, in the order of playout.
class PlayoutListener {
 public:
  // The frame starts to sound at `at`.
  virtual void played(std::int64_t sequence, TimePoint at, const Aim& aim) = 0;
  // `length` of sound is made up, from `at`: in place of a frame that is missing (called once for
  // each, each will never be played), or while waiting for a frame that is played afterwards.
  // `silent` of it is mere noise: the made-up voice had faded.
  virtual void concealed(std::int64_t sequence, TimePoint at, Duration length, Duration silent) = 0;
  // So much comfort noise was played, from `at`, in a pause before the frame `sequence`.
  virtual void paused(std::int64_t sequence, TimePoint at, Duration length) = 0;
  // While the frame is played, sound is inserted (positive) or removed (negative).
  virtual void stretched(std::int64_t sequence, Duration change) = 0;
  // A frame that was in the buffer is thrown away unplayed: the buffer overflowed.
  virtual void discarded(std::int64_t sequence) = 0;

 protected:
  ~PlayoutListener() = default;
};

// replaced: the frame was there as a redundant copy, which gave way.
enum class Arrival : std::uint8_t { buffered, replaced, late, duplicate };

class JitterBuffer {
 public:
  virtual ~JitterBuffer() = default;
  // A frame is handed over; calls must be in order of `received`. Plays first what was due before
  // that; a frame that comes at the very instant of its playout is in time. A late frame (its place
  // has been concealed) and a duplicate are ignored.
  virtual Arrival arrived(const ArrivedFrame& frame, PlayoutListener& listener) = 0;
  // Plays what is due before `now`.
  virtual void advance(TimePoint now, PlayoutListener& listener) = 0;
  // Nothing will arrive any more: plays the rest, and conceals what is missing up to `last`.
  // Nothing to do if no frame ever arrived.
  virtual void finish(std::int64_t last, PlayoutListener& listener) = 0;
  // What the buffer aims at just now.
  virtual Duration target() const = 0;

  // For audio-video synchronization. From now on it aims at no less than this; buffers that are not
  // libwebrtc's do as before.
  virtual void holdBack(Duration) {}
  // How long what arrives now will wait until it sounds, smoothed; none before holdBack(), or of a
  // buffer that is not libwebrtc's.
  virtual std::optional<Duration> delay() const { return std::nullopt; }
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
//   target;
// - a frame is played when its turn comes and it is there. If nothing is there, sound is made up,
//   10 ms at a time, until something is: the wait becomes delay. A missing frame of which a later
//   one is there is given up once its time has been made up for;
// - playout delay is the playout time of a frame less the time it was sent, less the smallest
//   transit time. Below the target a frame is stretched by 10 ms; at or above the target + the
//   largest relative delay of the last 2 s + 20 ms it is shortened by 10 ms. At most once in
//   100 ms (libwebrtc's own bound: about 100 ms a second) unless the delay is four targets (fast
//   accelerate), by half a frame at most, and not right after made-up sound;
// - more than 200 frames are never held: the buffer is emptied and playout goes on with the frame
//   that came.
std::unique_ptr<JitterBuffer> makeJitterBuffer(const AdaptiveBuffer& parameters);

// What NetEq's signal processing finds in the sound, which is not simulated: drawn instead.
struct SoundTraits {
  // A pitch period is looked for among lags of 20 to 119 samples at 8 kHz (libwebrtc:
  // time_stretch.h, expand.cc); each is as likely as the others.
  Duration shortestPeriod = Duration::us(125 * 20);
  Duration longestPeriod = Duration::us(125 * 119);
  // A stretch always succeeds where nobody speaks, about 60 % of one side of a conversation (ITU-T
  // P.59), and in speech with a correlation above 0.9, which we take half of it to have.
  double stretchSuccess = 0.8;
};

struct NetEqBuffer {
  Duration frame;
  Duration initial = Duration::ms(80);  // libwebrtc: kStartDelayMs
  Duration minimum;                     // bounds of the target
  Duration maximum = Duration::s(3);    // libwebrtc: three quarters of 200 packets of 20 ms
  NetEqParameters parameters;
  SoundTraits sound;
  std::optional<Duration> phase;  // of the 10 ms clock: a tick at this time; none: drawn
  std::uint64_t draws = 0;        // which of the random streams "neteq" is used
};

// libwebrtc's NetEq (modules/audio_coding/neteq): see neteq_buffer.cc for its parts. It plays 10 ms
// at a time by a clock of its own, whose phase against the arrivals is drawn once. What depends on
// the sound itself is drawn too: the length of a pitch period, where a merge finds its best
// correlation, and whether a stretch succeeds. What is quiet has no best correlation.
std::unique_ptr<JitterBuffer> makeJitterBuffer(const NetEqBuffer& parameters);

}  // namespace callflow::receiver
