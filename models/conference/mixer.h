// The sound of a call over a media processor that mixes (RFC 7667 3.6): every frame's length each
// participant gets one packet, which has in it what the others said since the last.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "models/conference/mix_input.h"
#include "models/fabric/timers.h"
#include "models/media/audio_sender.h"

namespace callflow::conference {

// What one participant gets.
class MixOutput : public path::FlowEnd {
 public:
  // `draws`: of its packets' sizes; `flow`: fabric::Packet::stream of its packets.
  MixOutput(path::Transit& transit, const media::Audio& audio, std::uint64_t draws,
            std::uint32_t flow);

  // It hears what comes of this one, who must outlive it, as `end`.
  void add(MixInput& input, const path::MediaEnd& end) { heard_.push_back({&input, &end}); }
  void setPath(const path::Path& path) { flow_.path = &path; }
  void stop() { flow_.path = nullptr; }
  std::int64_t unsent() const { return flow_.unsent; }
  // A packet of what is ready.
  void send();

  // Of the packet that came last.
  struct Newest {
    TimePoint sent, received;
  };
  const std::optional<Newest>& newest() const { return newest_; }

  void onArrival(path::FrameHandle handle, TimePoint now) override;
  void onLost(path::FrameHandle handle) override;

 private:
  struct Heard {
    MixInput* input = nullptr;
    const path::MediaEnd* end = nullptr;
  };
  // What is in a packet, with what lies behind that besides.
  std::vector<path::FrameHandle> unpack(path::FrameHandle handle);

  path::Transit& transit_;
  media::AudioSender coder_;
  path::Flow flow_;
  std::vector<Heard> heard_;
  std::int64_t sequence_ = 0;
  std::map<std::int64_t, std::vector<path::FrameHandle>> onTheirWay_;  // by packet
  std::optional<Newest> newest_;
};

class Mixer : public fabric::TickHandler {
 public:
  // `coding`: from the end of the sound in a packet to its departure.
  Mixer(Duration frame, Duration coding) : frame_(frame), coding_(coding) {}

  void add(MixInput& input) { inputs_.push_back(&input); }
  MixOutput& add(path::Transit& transit, const media::Audio& audio, std::uint64_t draws,
                 std::uint32_t flow) {
    return outputs_.emplace_back(transit, audio, draws, flow);
  }
  // Until nothing more comes.
  void start(fabric::PeriodicTimers& timers, TimePoint mediaStart, TimePoint end);
  bool onTick(std::uint32_t index, TimePoint now) override;

 private:
  Duration frame_, coding_;
  std::vector<MixInput*> inputs_;
  std::deque<MixOutput> outputs_;
  TimePoint end_;
};

}  // namespace callflow::conference
