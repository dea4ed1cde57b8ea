#include "models/conference/loudest_speakers.h"

#include <algorithm>

namespace callflow::conference {

namespace {

// Jitsi's DominantSpeakerIdentification: energyExpireTimeMs, energyAlphaPct.
constexpr Duration kExpires = Duration::ms(150);
constexpr int kAlphaPercent = 50;

}  // namespace

void LoudestSpeakers::onLevel(std::size_t who, AudioLevel level, TimePoint now) {
  int& energy = energies_[who];
  energy = (kAlphaPercent * level + (100 - kAlphaPercent) * energy + 50) / 100;
  heard_[who] = now;
  std::erase_if(loudest_,
                [&](std::size_t each) { return each == who || heard_[each] < now - kExpires; });
  const auto place = std::find_if(loudest_.begin(), loudest_.end(),
                                  [&](std::size_t each) { return energies_[each] < energy; });
  loudest_.insert(place, who);
  if (loudest_.size() > most_) loudest_.pop_back();
}

bool LoudestSpeakers::holds(std::size_t who) const {
  return std::find(loudest_.begin(), loudest_.end(), who) != loudest_.end();
}

}  // namespace callflow::conference
