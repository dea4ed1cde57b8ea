// Who speaks in a call, as its server hears it: whose sound goes on where not everybody's does, and
// whose picture is seen by those who do not see everybody.
#pragma once

#include <cstddef>
#include <vector>

#include "models/conference/dominant_speaker.h"
#include "models/conference/loudest_speakers.h"
#include "models/fabric/simulator.h"
#include "src/units/units.h"

namespace callflow::conference {

// Is told when somebody else is dominant.
class SpeakerListener {
 public:
  virtual ~SpeakerListener() = default;
  virtual void onSpeakers(TimePoint now) = 0;
};

class Speakers : public fabric::LaneClient {
 public:
  // Participants are numbered from 0. `most`: the sound of so many goes on, and of whoever is
  // dominant; 0: of all.
  Speakers(fabric::FabricSimulator& simulator, std::size_t participants, std::size_t most);
  Speakers(const Speakers&) = delete;
  Speakers& operator=(const Speakers&) = delete;

  void setListener(SpeakerListener& listener) { listener_ = &listener; }
  void start(TimePoint now, TimePoint end);
  // A packet of sound has come, of speech or of a pause.
  void onPacket(std::size_t who, bool speech, TimePoint now);
  bool goesOn(std::size_t who) const;
  // All, whoever was dominant last first.
  const std::vector<std::size_t>& recent() const { return dominant_.recent(); }

  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  fabric::FabricSimulator& simulator_;
  fabric::LaneId lane_;
  DominantSpeaker dominant_;
  LoudestSpeakers loudest_;
  std::size_t most_;
  SpeakerListener* listener_ = nullptr;
  TimePoint end_;
};

}  // namespace callflow::conference
