#include "models/conference/dominant_speaker.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace callflow::conference {

namespace {

// By how much a challenger's scores are above those of whoever is dominant, as logarithms of their
// ratios (C1, C2 and C3).
constexpr double kImmediate = 3, kMedium = 2, kLasting = 0;

}  // namespace

DominantSpeaker::DominantSpeaker(std::size_t participants)
    : speakers_(participants), recent_(participants) {
  std::iota(recent_.begin(), recent_.end(), std::size_t{0});
}

AudioLevel DominantSpeaker::onLevel(std::size_t who, AudioLevel level, TimePoint now) {
  speakers_[who].heard = now;
  return speakers_[who].activity.add(level);
}

void DominantSpeaker::lookForIdle(TimePoint now) {
  for (Speaker& speaker : speakers_)
    if (speaker.heard && now - *speaker.heard > kIdle) speaker.activity.add(0);
}

bool DominantSpeaker::decide() {
  std::optional<std::size_t> next = dominant_;
  // Somebody has to begin: whoever comes first, whom the others then challenge.
  for (std::size_t i = 0; i < speakers_.size() && !next; ++i)
    if (speakers_[i].heard) next = i;
  if (!next) return false;
  const std::size_t holder = *next;
  const SpeechActivity::Scores held = speakers_[holder].activity.scores();
  double best = kMedium;
  for (std::size_t i = 0; i < speakers_.size(); ++i) {
    if (i == holder || !speakers_[i].heard) continue;
    const SpeechActivity::Scores scores = speakers_[i].activity.scores();
    const double medium = std::log(scores.medium / held.medium);
    if (medium <= best || std::log(scores.immediate / held.immediate) <= kImmediate ||
        std::log(scores.lasting / held.lasting) <= kLasting)
      continue;
    best = medium;
    next = i;
  }
  if (next == dominant_) return false;
  dominant_ = next;
  const auto place = std::find(recent_.begin(), recent_.end(), *next);
  std::rotate(recent_.begin(), place, place + 1);
  return true;
}

}  // namespace callflow::conference
