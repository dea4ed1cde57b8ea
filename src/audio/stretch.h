// Makes sound longer or shorter without a change of pitch.
#pragma once

#include <cstddef>
#include <vector>

namespace callflow::audio {

// Both work on the last 30 ms or so of `sound`, where it is most alike at the distance of
// `samples`, and cross-fade over 2.5 ms. Which distance that is, the jitter buffer has decided:
// NetEq takes a period of the pitch or several (libwebrtc:
// modules/audio_coding/neteq/time_stretch.cc).

// Repeats `samples`. Where less than these was heard before, silence is inserted.
void insertSound(std::vector<float>& sound, std::size_t samples);
// Takes `samples` out. std::invalid_argument if there are fewer.
void removeSound(std::vector<float>& sound, std::size_t samples);

}  // namespace callflow::audio
