#include "models/conference/forwarded_video.h"

#include <utility>

#include "models/wire/header_sizes.h"

namespace callflow::conference {

ForwardedVideo::ForwardedVideo(rtp::Session& session, std::vector<IncomingLayer*> layers,
                               std::size_t remembered)
    : session_(session),
      layers_(std::move(layers)),
      stream_(session.addSource(*this)),
      numbers_(remembered) {}

void ForwardedVideo::listen(IncomingLayer* current, IncomingLayer* next) {
  if (next == current) next = nullptr;
  for (IncomingLayer* const old : {current_, next_})
    if (old != nullptr && old != current && old != next) old->removeListener(*this);
  for (IncomingLayer* const layer : {current, next})
    if (layer != nullptr && layer != current_ && layer != next_) layer->addListener(*this);
  current_ = current;
  next_ = next;
}

void ForwardedVideo::show(std::vector<IncomingLayer*> layers) {
  layers_ = std::move(layers);
  aim_ = {};
  listen(layers_.empty() ? nullptr : current_, nullptr);
}

void ForwardedVideo::aimAt(const Layer& layer, TimePoint now) {
  aim_ = layer;
  listen(wanted() == nullptr ? nullptr : current_, wanted());
  askIfWaiting(now);
}

void ForwardedVideo::askIfWaiting(TimePoint now) {
  if (waits()) wanted()->askKeyFrame(now);
}

Offer ForwardedVideo::offer(TimePoint now) {
  Offer offer;
  for (std::size_t i = 0; i < layers_.size(); ++i) offer.rates[i] = layers_[i]->rates(now);
  offer.current = aim_;
  return offer;
}

void ForwardedVideo::onLayerPacket(const IncomingLayer& layer, const rtp::Packet& packet,
                                   TimePoint now) {
  if (&layer == next_ && packet.video.key && packet.video.first) {
    // The layer that stops is another one, whose listeners nobody is walking through.
    listen(next_, nullptr);
    numbers_.restart(packet.video);
  }
  if (&layer != current_) return;
  const auto out = numbers_.forward(
      packet.video, packet.video.temporalLayer <= aim_.temporal || &layer != wanted());
  if (!out) return;
  if (out->last) ++counts_.framesEncoded;
  rtp::Packet next = packet;
  next.stream = stream_;
  next.video = *out;
  session_.send(next, now);
}

void ForwardedVideo::onSent(const rtp::Packet& packet, Duration waited, TimePoint) {
  const DataSize size = packet.size - wire::kSrtpTag;
  counts_.bytes += size;
  if (packet.kind == rtp::PacketKind::padding) return;
  ++counts_.packets;
  counts_.waited += waited;
  if (packet.kind != rtp::PacketKind::retransmission) return;
  ++counts_.retransmittedPackets;
  counts_.retransmittedBytes += size;
}

void ForwardedVideo::onKeyFrameRequest(std::uint8_t, TimePoint now) {
  IncomingLayer* const layer = current_ != nullptr ? current_ : wanted();
  if (layer != nullptr) layer->askKeyFrame(now);
}

}  // namespace callflow::conference
