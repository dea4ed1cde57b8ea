// Sound and picture of one sender at one receiver: what comes earlier is held back, and how far
// they are apart is measured.
#pragma once

#include <deque>
#include <vector>

#include "models/client/incoming_stream.h"
#include "models/client/incoming_video.h"
#include "models/client/outgoing_stream.h"
#include "models/client/video_stats.h"
#include "models/conference/mixer.h"
#include "models/fabric/simulator.h"
#include "models/video_receiver/synchronization.h"
#include "src/metrics/run_record.h"

namespace callflow::sim {

// What was heard since scoring began, and the delays of it from mouth to ear, summed up.
struct SoundSample {
  std::int64_t heard = 0;
  Duration toEar;
};

// How much later the picture is than the sound, a second each; NaN where one of them is missing.
// Both are sampled at the same times.
std::vector<double> syncOffsets(const std::vector<client::VideoSample>& picture,
                                const std::vector<SoundSample>& sound);
// The figures of audio-video synchronization, of the stream and of its windows, which are seconds.
void fillSync(const std::vector<double>& offsets, metrics::StreamRecord& record);

class LipSync : public fabric::LaneClient {
 public:
  explicit LipSync(fabric::FabricSimulator& simulator)
      : simulator_(simulator), lane_(simulator.addLane(*this, 0)) {}

  // `sender` sends the sound. A picture that is not `together` with its sound is measured only:
  // browsers hold back the tracks of one MediaStream, and a shared screen is another. `mix`: what
  // is heard comes in its packets, and a picture's first sound stands for all of them; null: as it
  // was sent.
  void add(client::OutgoingStream& sender, client::IncomingStream& sound,
           client::IncomingVideo& picture, bool together,
           const conference::MixOutput* mix = nullptr);
  void start(TimePoint mediaStart, TimePoint mediaEnd, TimePoint scoreFrom);

  // Of the sound that was added with this picture; null if none was.
  const std::vector<SoundSample>* of(const client::IncomingStream& sound,
                                     const client::IncomingVideo& picture) const;

  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  struct Couple {
    client::OutgoingStream* sender = nullptr;
    client::IncomingStream* sound = nullptr;
    client::IncomingVideo* picture = nullptr;
    bool together = false;
    const conference::MixOutput* mix = nullptr;
    video_receiver::Synchronization synchronization;
    std::vector<SoundSample> samples;
  };
  void update(Couple& couple);

  fabric::FabricSimulator& simulator_;
  fabric::LaneId lane_;
  std::deque<Couple> couples_;
  TimePoint mediaEnd_;
};

}  // namespace callflow::sim
