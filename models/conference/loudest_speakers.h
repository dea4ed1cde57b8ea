// The few of a call whose sound is loudest just now: whose sound goes on where not everybody's
// does. Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "models/conference/speech_activity.h"
#include "src/units/units.h"

namespace callflow::conference {

class LoudestSpeakers {
 public:
  LoudestSpeakers(std::size_t participants, std::size_t most)
      : energies_(participants), heard_(participants), most_(most) {}

  // A packet of theirs has come, of this level as far as it is speech.
  void onLevel(std::size_t who, AudioLevel level, TimePoint now);
  bool holds(std::size_t who) const;
  // The loudest first.
  const std::vector<std::size_t>& all() const { return loudest_; }

 private:
  std::vector<int> energies_;  // levels, smoothed
  std::vector<TimePoint> heard_;
  std::vector<std::size_t> loudest_;
  std::size_t most_;
};

}  // namespace callflow::conference
