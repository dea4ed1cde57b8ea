// A stream of video at its receiver: what is missing is asked for, and what is shown counted.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "models/client/parameters.h"
#include "models/client/video_stats.h"
#include "models/fabric/simulator.h"
#include "models/fec/recovery.h"
#include "models/receiver/delay_histogram.h"
#include "models/rtp/session.h"
#include "models/video_receiver/receiver.h"
#include "models/video_receiver/synchronization.h"
#include "src/units/units.h"

namespace callflow::client {

class IncomingVideo : public rtp::Receiver,
                      public fabric::LaneClient,
                      private video_receiver::Listener {
 public:
  // `session`, in which it is stream number `stream`, must outlive it.
  IncomingVideo(fabric::FabricSimulator& simulator, rtp::Session& session, std::uint8_t stream,
                Version version);
  ~IncomingVideo() override;
  IncomingVideo(const IncomingVideo&) = delete;
  IncomingVideo& operator=(const IncomingVideo&) = delete;

  // Delays and the longest freeze are of what comes from `scoreFrom` on.
  void start(TimePoint mediaStart, TimePoint scoreFrom);

  InboundVideo stats(TimePoint now);
  // When the frame that was decoded last was captured; none: none was.
  std::optional<TimePoint> decoded(TimePoint now);

  // Audio-video synchronization: the packet that came last as it was sent first; how long frames
  // are to wait, and no less than what.
  std::optional<video_receiver::Synchronization::Newest> newest() const { return newest_; }
  Duration targetDelay() const { return receiver_.targetDelay(); }
  void holdBack(Duration least) { receiver_.setMinimumDelay(least); }

  // Of packets, from the pacer to here.
  const receiver::DelayHistogram& delays() const { return delays_; }
  Duration longestFreeze() const { return longestFreeze_; }
  struct Freeze {
    TimePoint from, to;
  };
  const std::vector<Freeze>& freezes() const { return freezes_; }
  // How long each height was shown.
  const std::vector<std::pair<int, Duration>>& heights() const { return heights_; }

  void onPacket(const rtp::Packet& packet, TimePoint sent, TimePoint now) override;
  void onRoundTrip(Duration roundTrip, TimePoint now) override;
  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  void onFrame(const video_receiver::SeenFrame& frame) override;
  void onFreeze(TimePoint from, TimePoint to) override;
  void ask(const video_receiver::Requests& requests, TimePoint now);
  void takeBack(const std::vector<std::int64_t>& recovered, TimePoint now);
  void noteHeight(int height, TimePoint until);

  fabric::FabricSimulator& simulator_;
  rtp::Session& session_;
  std::uint8_t stream_;
  fabric::LaneId lane_;
  video_receiver::Receiver receiver_;
  fec::Recovery recovery_;
  TimePoint wakeAt_ = TimePoint::max();
  TimePoint scoreFrom_;
  InboundVideo counts_;
  receiver::DelayHistogram delays_;
  Duration longestFreeze_;
  std::vector<Freeze> freezes_;
  TimePoint shown_;  // when the last frame was
  std::optional<TimePoint> decoded_;
  std::optional<video_receiver::Synchronization::Newest> newest_;
  std::vector<std::pair<int, Duration>> heights_;
};

}  // namespace callflow::client
