// Turns the story of a stream into the sound that its listener heard: speech goes through libopus,
// and each frame of it is played, recovered, made up or stretched as the jitter buffer decided.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/receiver/frame_fate.h"
#include "src/units/units.h"

namespace callflow::audio {

inline constexpr std::int64_t kSampleRate = 48'000;  // RFC 7587 4.1; all sound here is mono

using HeardKind = receiver::PlayoutSound;

// One thing after the other, without gap or overlap.
struct Heard {
  HeardKind kind = HeardKind::played;
  std::int64_t frame = 0;  // played, recovered: its number, from 0 at the source's first
  Duration length;         // not of played and recovered, which last a frame
  Duration silent;         // concealed: the last part of it, where the made-up voice has faded
};

// How much of the sound is coded: up to 4, 8 or 20 kHz.
enum class Band : std::uint8_t { narrow, wide, full };

struct Encoding {
  DataRate bitrate = DataRate::kbps(32);
  Duration frame = Duration::ms(20);  // 2.5, 5, 10, 20, 40, 60 or 120 ms
  bool variable = true;               // variable bit rate
  Band band = Band::full;             // at most
  bool fec = false;                   // in-band FEC, as much as libopus finds worth `expectedLoss`
  Ratio expectedLoss{};
};

struct Rendering {
  std::vector<float> sound;  // -1 to 1
  // Samples by where they come from: played + concealed + paused + inserted - removed are in
  // `sound`. Each is the sum of the durations of its kind, rounded to whole samples once, not event
  // by event.
  std::int64_t played = 0, concealed = 0, paused = 0, inserted = 0, removed = 0;
};

// The source repeats `speech` for as long as it takes. The same input gives the same samples with
// the same libopus on the same machine. Throws std::invalid_argument if libopus refuses the
// encoding, if there is no speech, or if more sound is removed than was heard before.
Rendering render(std::span<const float> speech, const Encoding& encoding,
                 std::span<const Heard> heard);

}  // namespace callflow::audio
