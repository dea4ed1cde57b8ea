// How much somebody speaks, of the levels that come with their packets: over one packet, 0.1 s and
// a second, as Jitsi scores it after Volfin and Cohen, "Dominant Speaker Identification for
// Multipoint Videoconferencing" (2012). Pure.
#pragma once

#include <array>
#include <cstdint>

#include "src/units/units.h"

namespace callflow::conference {

// RFC 6464 counts down from the loudest, 0 to -127 dBov; here 127 is the loudest, and 0 silence.
using AudioLevel = std::uint8_t;
inline constexpr AudioLevel kLoudest = 127;

// Figures are those of org.jitsi.utils.dsi.DominantSpeakerIdentification.
class SpeechActivity {
 public:
  // Of a packet. Returns the level if it stands out from the speaker's own noise, else 0.
  AudioLevel add(AudioLevel level);

  struct Scores {
    double immediate = 0, medium = 0, lasting = 0;
  };
  Scores scores() const;

 private:
  static constexpr std::size_t kBlocks = 10, kBlock = 5;  // of packets: 0.1 s each of 20 ms

  void followNoise(AudioLevel level);

  std::array<AudioLevel, kBlocks * kBlock> levels_{};  // the latest first
  // The least level, which is taken for noise; 0: not known. It rises with the least of the last
  // 15 s.
  AudioLevel noise_ = 0, laterNoise_ = 0;
  int laterLevels_ = 0;
};

// How unlikely it is that `active` of `all` parts are of noise.
double activityScore(int active, int all, double lambda);

}  // namespace callflow::conference
