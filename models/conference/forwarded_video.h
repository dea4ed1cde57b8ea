// A participant's video as the server sends it to one of the others: of the sizes that come in one
// at a time, which changes with a key frame.
#pragma once

#include <cstdint>
#include <vector>

#include "models/conference/incoming_layer.h"
#include "models/conference/layer_allocation.h"
#include "models/conference/renumbering.h"
#include "models/rtp/session.h"
#include "src/units/units.h"

namespace callflow::conference {

class ForwardedVideo : public rtp::Source, public LayerListener {
 public:
  // `session` is the server's with the receiver; `layers` are the sender's, smallest first. All
  // must outlive it.
  ForwardedVideo(rtp::Session& session, std::vector<IncomingLayer*> layers);
  ForwardedVideo(const ForwardedVideo&) = delete;
  ForwardedVideo& operator=(const ForwardedVideo&) = delete;

  std::uint8_t stream() const { return stream_; }
  // What is to be sent on. Another size needs a key frame, which is asked for until it comes; what
  // was sent on before is in the meantime.
  void aimAt(const Layer& layer, TimePoint now);
  const Layer& aim() const { return aim_; }
  // As long as it waits for one.
  void askIfWaiting(TimePoint now);
  // What the sender offers, and what is sent on.
  Offer offer(TimePoint now);
  // Figures of the receiver's stream begin here (client::OutboundVideo has what is counted).
  std::int64_t lost() const { return lost_; }

  void onLayerPacket(int layer, const rtp::Packet& packet, TimePoint now) override;
  void onKeyFrameRequest(std::uint8_t stream, TimePoint now) override;
  void onSent(const rtp::Packet&, Duration, TimePoint) override {}
  void onLost(const rtp::Packet&) override { ++lost_; }

 private:
  bool waits() const { return aim_.spatial != kPaused && aim_.spatial != current_; }

  rtp::Session& session_;
  std::vector<IncomingLayer*> layers_;
  std::uint8_t stream_;
  Layer aim_;
  int current_ = kPaused;  // the size that is sent on
  Renumbering numbers_;
  std::int64_t lost_ = 0;
};

}  // namespace callflow::conference
