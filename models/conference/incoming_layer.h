// One size of a participant's video as it comes to the server: what is missing is asked for, and
// what comes goes on to all who get it.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "models/conference/layer_meter.h"
#include "models/fabric/simulator.h"
#include "models/rtp/session.h"
#include "models/video_receiver/nack_requester.h"
#include "src/units/units.h"

namespace callflow::conference {

class IncomingLayer;

// Gets the packets of layers.
class LayerListener {
 public:
  virtual ~LayerListener() = default;
  virtual void onLayerPacket(const IncomingLayer& layer, const rtp::Packet& packet,
                             TimePoint now) = 0;
};

class IncomingLayer : public rtp::Receiver, public fabric::LaneClient {
 public:
  struct Setup {
    std::uint8_t stream = 0;  // of the session
    int layer = 0;            // smallest first
    Duration processing;      // from a packet's arrival to its departures
    Duration keyFramesApart;  // that are asked for
    video::Resolution resolution;
  };
  // `session`, the server's with the sender, must outlive it.
  IncomingLayer(fabric::FabricSimulator& simulator, rtp::Session& session, const Setup& setup);
  IncomingLayer(const IncomingLayer&) = delete;
  IncomingLayer& operator=(const IncomingLayer&) = delete;

  void addListener(LayerListener& listener) { listeners_.push_back(&listener); }
  // Not from within the packet that is its last.
  void removeListener(LayerListener& listener) { std::erase(listeners_, &listener); }
  // No sooner after the last than they may be apart: those who wait ask again.
  void askKeyFrame(TimePoint now);
  std::array<DataRate, kMostTemporal> rates(TimePoint now) { return meter_.rates(now); }
  video::Resolution resolution() const { return setup_.resolution; }

  void onPacket(const rtp::Packet& packet, TimePoint sent, TimePoint now) override;
  void onRoundTrip(Duration roundTrip, TimePoint now) override;
  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  enum class Timer : std::uint32_t { look, forward };

  void ask(TimePoint now);
  bool isNew(std::int64_t sequence);

  fabric::FabricSimulator& simulator_;
  rtp::Session& session_;
  Setup setup_;
  fabric::LaneId looks_, departures_;
  video_receiver::NackRequester nack_;
  video_receiver::Requests requests_;
  TimePoint lookAt_ = TimePoint::max();
  LayerMeter meter_;
  std::vector<LayerListener*> listeners_;
  std::deque<rtp::Packet> processed_;  // those that are worked on
  std::optional<TimePoint> keyFrameAsked_;
  std::vector<std::int64_t> seen_;  // sequence numbers, each in its place
};

}  // namespace callflow::conference
