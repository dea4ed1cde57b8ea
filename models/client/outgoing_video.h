// A stream of video at its sender: captured, coded at the rate that there is, and handed to its
// session in packets.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "models/client/video_stats.h"
#include "models/congestion/bitrate_allocator.h"
#include "models/fabric/simulator.h"
#include "models/fec/protector.h"
#include "models/rtp/session.h"
#include "models/video/parameters.h"
#include "models/video/share_sender.h"
#include "models/video/video_sender.h"
#include "src/units/units.h"

namespace callflow::client {

class OutgoingVideo : public rtp::Source, public fabric::LaneClient {
 public:
  struct Setup {
    std::variant<video::Video, video::Share> picture;  // of a camera, or of a screen
    std::uint64_t draws = 0;  // which of the random streams of encoders is used
    Duration phase;           // of the camera: from the beginning of the media to its first picture
  };
  // `session` must outlive it.
  OutgoingVideo(fabric::FabricSimulator& simulator, rtp::Session& session, const Setup& setup);
  OutgoingVideo(const OutgoingVideo&) = delete;
  OutgoingVideo& operator=(const OutgoingVideo&) = delete;

  void start(TimePoint mediaStart, TimePoint end);
  void stop(TimePoint now) { end_ = now; }

  OutboundVideo stats() const;
  // Of a camera's sizes nobody needs more than so many, the smallest first.
  void limitSizes(int sizes, TimePoint now);
  // The session's streams of it, smallest size first.
  std::vector<std::uint8_t> streams() const;

  // What it needs, and what it can use, headers included.
  congestion::StreamDemand demand() const;
  // What it gets, of what the session is allowed. Tells the share of it that goes into repair.
  double setRate(DataRate rate, const rtp::Allowance& allowance, TimePoint now);

  void onKeyFrameRequest(std::uint8_t stream, TimePoint now) override;
  void onSent(const rtp::Packet& packet, Duration waited, TimePoint now) override;
  void onLost(const rtp::Packet& packet) override;
  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  void capture(TimePoint now);
  void sendFrame(const video::EncodedFrame& frame, TimePoint now);
  DataRate mediaRate(DataRate payload, const rtp::Allowance& allowance, TimePoint now);
  void protect(const rtp::Packet& packet, TimePoint now);
  video::Packetization packetization() const;
  DataRate withHeaders(DataRate payload) const;
  DataSize headers() const;  // of a packet, all that rates count

  fabric::FabricSimulator& simulator_;
  rtp::Session& session_;
  Setup setup_;
  std::variant<video::VideoSender, video::ShareSender> sender_;
  fabric::LaneId lane_;
  // Of each size that is sent.
  struct Layer {
    std::uint8_t stream = 0;  // of the session
    std::int64_t frame = 0;
    // The last frame of each temporal layer.
    std::array<std::int64_t, video::kMostLayers> last{};
  };
  std::vector<Layer> layers_;
  std::optional<fec::Protector> protector_;  // of one layer
  DataRate screen_;                          // of a screen: what its encoder is told
  TimePoint end_;
  OutboundVideo stats_;
};

}  // namespace callflow::client
