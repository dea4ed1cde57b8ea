// A participant's video as the server sends it to one of the others: of the sizes that come in one
// at a time, which changes with a key frame. So does whose video it is.
#pragma once

#include <cstdint>
#include <vector>

#include "models/client/video_stats.h"
#include "models/conference/incoming_layer.h"
#include "models/conference/layer_allocation.h"
#include "models/conference/renumbering.h"
#include "models/rtp/session.h"
#include "src/units/units.h"

namespace callflow::conference {

class ForwardedVideo : public rtp::Source, public LayerListener {
 public:
  // `session` is the server's with the receiver; `layers` are the sender's, smallest first. All
  // must outlive it. `remembered`: so many packets may come late.
  ForwardedVideo(rtp::Session& session, std::vector<IncomingLayer*> layers,
                 std::size_t remembered = 1 << 12);
  ForwardedVideo(const ForwardedVideo&) = delete;
  ForwardedVideo& operator=(const ForwardedVideo&) = delete;

  std::uint8_t stream() const { return stream_; }
  // Another's video is to be sent on, or nobody's: none of it until it is aimed at. What was sent
  // on before is until then.
  void show(std::vector<IncomingLayer*> layers);
  const std::vector<IncomingLayer*>& layers() const { return layers_; }
  // What is to be sent on. Another size needs a key frame, which is asked for until it comes; what
  // was sent on before is in the meantime.
  void aimAt(const Layer& layer, TimePoint now);
  const Layer& aim() const { return aim_; }
  // As long as it waits for one.
  void askIfWaiting(TimePoint now);
  // What the sender offers, and what is sent on.
  Offer offer(TimePoint now);
  // What was sent on, counted as a client would that sent it.
  const client::OutboundVideo& counts() const { return counts_; }
  std::int64_t lost() const { return counts_.lostPackets; }

  void onLayerPacket(const IncomingLayer& layer, const rtp::Packet& packet, TimePoint now) override;
  void onKeyFrameRequest(std::uint8_t stream, TimePoint now) override;
  void onSent(const rtp::Packet& packet, Duration waited, TimePoint now) override;
  void onLost(const rtp::Packet&) override { ++counts_.lostPackets; }

 private:
  // That is to be sent on; null: none is.
  IncomingLayer* wanted() const {
    return aim_.spatial == kPaused ? nullptr : layers_[static_cast<std::size_t>(aim_.spatial)];
  }
  bool waits() const { return wanted() != nullptr && wanted() != current_; }
  // Listens to what it sends on and to what it waits for, and to nothing else: of hundreds of
  // layers' packets few concern it.
  void listen(IncomingLayer* current, IncomingLayer* next);

  rtp::Session& session_;
  std::vector<IncomingLayer*> layers_;
  std::uint8_t stream_;
  Layer aim_;
  IncomingLayer* current_ = nullptr;  // that is sent on
  IncomingLayer* next_ = nullptr;     // that it listens to besides
  Renumbering numbers_;
  client::OutboundVideo counts_;
};

}  // namespace callflow::conference
