#include "models/conference/mixer.h"

#include <algorithm>
#include <utility>

#include "models/media/audio_source.h"

namespace callflow::conference {

MixOutput::MixOutput(path::Transit& transit, const media::Audio& audio, std::uint64_t draws,
                     std::uint32_t flow)
    : transit_(transit), coder_(media::AudioSource(audio), audio, draws) {
  flow_.end = this;
  flow_.draws = flow;
}

void MixOutput::send() {
  if (flow_.path == nullptr) return;
  const auto packet = coder_.next(true, false);
  if (!packet) return;
  std::vector<path::FrameHandle>& content = onTheirWay_[++sequence_];
  for (const Heard& heard : heard_) {
    for (const path::FrameHandle handle : heard.input->ready()) {
      path::FrameHandle copy = 0;
      if (heard.input->copyTo(*heard.end, handle, copy)) content.push_back(copy);
    }
  }
  transit_.send(flow_, sequence_, packet->size);
}

std::vector<path::FrameHandle> MixOutput::unpack(path::FrameHandle handle) {
  const auto found = onTheirWay_.find(transit_[handle].sequence);
  std::vector<path::FrameHandle> content = std::move(found->second);
  onTheirWay_.erase(found);
  for (const path::FrameHandle each : content) {
    const auto before = static_cast<std::int32_t>(transit_[each].flow->legBefore);
    path::Journey& journey = transit_.ownJourney(each);
    const path::Journey& last = transit_.journey(handle);
    journey.parts += last.parts;
    journey.waits.insert(journey.waits.end(), last.waits.begin(), last.waits.end());
    journey.copies = std::max(journey.copies, last.copies);
    for (path::Crossing crossing : last.crossings) {
      crossing.leg += before;
      journey.crossings.push_back(crossing);
    }
  }
  return content;
}

void MixOutput::onArrival(path::FrameHandle handle, TimePoint now) {
  newest_ = {now - transit_.journey(handle).parts.sum(), now};
  const std::vector<path::FrameHandle> content = unpack(handle);
  transit_.release(handle);
  for (const path::FrameHandle each : content) transit_.arrive(each, now);
}

void MixOutput::onLost(path::FrameHandle handle) {
  for (const path::FrameHandle each : unpack(handle)) transit_.lose(each);
}

// Its clock is the media processor's own.
void Mixer::start(fabric::PeriodicTimers& timers, TimePoint mediaStart, TimePoint end) {
  end_ = end;
  timers.start(mediaStart + frame_ + coding_, frame_, *this, 0);
}

bool Mixer::onTick(std::uint32_t, TimePoint now) {
  for (MixInput* const input : inputs_) input->play(now - coding_);
  const bool any = std::any_of(inputs_.begin(), inputs_.end(),
                               [](const MixInput* input) { return !input->ready().empty(); });
  // Nobody is heard: there is nothing to send.
  if (any)
    for (MixOutput& output : outputs_) output.send();
  for (MixInput* const input : inputs_) input->clear();
  return now < end_;
}

}  // namespace callflow::conference
