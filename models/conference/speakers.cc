#include "models/conference/speakers.h"

namespace callflow::conference {

namespace {

// ITU-T P.56: speech is at -26 dBov. Pauses: ours, a quiet room.
constexpr AudioLevel kSpeech = kLoudest - 26, kPause = kLoudest - 70;

enum Timer : std::uint32_t { idle, decision };

}  // namespace

Speakers::Speakers(fabric::FabricSimulator& simulator, std::size_t participants, std::size_t most)
    : simulator_(simulator),
      lane_(simulator.addLane(*this, 0)),
      dominant_(participants),
      loudest_(participants, most),
      most_(most) {}

void Speakers::start(TimePoint now, TimePoint end) {
  end_ = end;
  simulator_.pushOutOfOrder(lane_, now + kIdle, Timer::idle);
  simulator_.pushOutOfOrder(lane_, now + kDecisionInterval, Timer::decision);
}

void Speakers::onPacket(std::size_t who, bool speech, TimePoint now) {
  const AudioLevel level = dominant_.onLevel(who, speech ? kSpeech : kPause, now);
  if (most_ > 0) loudest_.onLevel(who, level, now);
}

bool Speakers::goesOn(std::size_t who) const {
  return most_ == 0 || loudest_.holds(who) || dominant_.dominant() == who;
}

void Speakers::onRecord(std::uint32_t, std::uint32_t payload, TimePoint now) {
  if (now >= end_) return;
  if (payload == Timer::idle) {
    dominant_.lookForIdle(now);
    simulator_.pushOutOfOrder(lane_, now + kIdle, Timer::idle);
    return;
  }
  if (dominant_.decide() && listener_ != nullptr) listener_->onSpeakers(now);
  simulator_.pushOutOfOrder(lane_, now + kDecisionInterval, Timer::decision);
}

}  // namespace callflow::conference
