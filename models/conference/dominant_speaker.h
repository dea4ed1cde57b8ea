// Who of a call speaks, and who spoke before: whom those see who do not see all. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "models/conference/speech_activity.h"
#include "src/units/units.h"

namespace callflow::conference {

// Between two decisions, and between two looks for those of whom no level comes (Jitsi's
// DominantSpeakerIdentification: DECISION_INTERVAL, LEVEL_IDLE_TIMEOUT).
inline constexpr Duration kDecisionInterval = Duration::ms(300);
inline constexpr Duration kIdle = Duration::ms(40);

class DominantSpeaker {
 public:
  // They are numbered from 0.
  explicit DominantSpeaker(std::size_t participants);

  // A packet of theirs has come. Returns the level as far as it is speech.
  AudioLevel onLevel(std::size_t who, AudioLevel level, TimePoint now);
  // To be called every kIdle: those of whom nothing has come for longer are silent.
  void lookForIdle(TimePoint now);
  // To be called every kDecisionInterval. Returns whether somebody else is dominant now.
  bool decide();

  std::optional<std::size_t> dominant() const { return dominant_; }
  // All, whoever was dominant last first; those who never were are behind, by number.
  const std::vector<std::size_t>& recent() const { return recent_; }

 private:
  struct Speaker {
    SpeechActivity activity;
    std::optional<TimePoint> heard;  // none: no level has ever come
  };
  std::vector<Speaker> speakers_;
  std::vector<std::size_t> recent_;
  std::optional<std::size_t> dominant_;
};

}  // namespace callflow::conference
