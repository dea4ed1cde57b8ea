// What NetEq does next: one decision every 10 ms.
#pragma once

#include <cstdint>

#include "models/receiver/neteq_parameters.h"
#include "src/units/units.h"

namespace callflow::receiver {

enum class Operation : std::uint8_t {
  normal,      // play what is decoded, or decode the next frame
  expand,      // make sound up
  merge,       // end made-up sound with the next frame
  accelerate,  // take a pitch period out
  preemptive,  // put a pitch period in
  comfortNoise,
};

// What sounded last.
enum class PlayoutMode : std::uint8_t { voice, madeUp, comfortNoise };

struct PlayoutStatus {
  PlayoutMode last = PlayoutMode::voice;
  bool ended = false;      // of comfort noise: nothing is to come that could be missed
  bool frameHeld = false;  // the rest about the buffer counts only if so
  Duration leap;           // from the end of what is decoded to the first frame held, on the media
                           // clock
  Duration span;           // from the first to the last frame held, and since the last came
  bool comfortNoiseHeld = false;
  Duration target;
  Duration generated;  // sound made up, or comfort noise, since the last frame
  bool faded = false;  // made-up sound is below half its amplitude
  bool stretchAllowed = false;
  Duration playoutDelay;  // relative delay of what is about to be played
  Duration largestDelay;  // largest relative delay of late
  Duration level;         // filtered fill of the buffer (StretchRule::bufferLevel)
};

// libwebrtc M150, modules/audio_coding/neteq/decision_logic.cc; for StretchRule::bufferLevel that
// of 2020.
Operation decide(const PlayoutStatus& status, StretchRule rule);

}  // namespace callflow::receiver
