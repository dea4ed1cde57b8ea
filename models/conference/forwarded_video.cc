#include "models/conference/forwarded_video.h"

#include <utility>

namespace callflow::conference {

ForwardedVideo::ForwardedVideo(rtp::Session& session, std::vector<IncomingLayer*> layers)
    : session_(session), layers_(std::move(layers)), stream_(session.addSource(*this)) {
  for (IncomingLayer* const layer : layers_) layer->addListener(*this);
}

void ForwardedVideo::aimAt(const Layer& layer, TimePoint now) {
  aim_ = layer;
  if (aim_.spatial == kPaused) current_ = kPaused;
  askIfWaiting(now);
}

void ForwardedVideo::askIfWaiting(TimePoint now) {
  if (waits()) layers_[static_cast<std::size_t>(aim_.spatial)]->askKeyFrame(now);
}

Offer ForwardedVideo::offer(TimePoint now) {
  Offer offer;
  for (std::size_t i = 0; i < layers_.size(); ++i) offer.rates[i] = layers_[i]->rates(now);
  offer.current = aim_;
  return offer;
}

void ForwardedVideo::onLayerPacket(int layer, const rtp::Packet& packet, TimePoint now) {
  if (layer == aim_.spatial && layer != current_ && packet.video.key && packet.video.first) {
    current_ = layer;
    numbers_.restart(packet.video);
  }
  if (layer != current_) return;
  const auto out = numbers_.forward(
      packet.video, packet.video.temporalLayer <= aim_.temporal || layer != aim_.spatial);
  if (!out) return;
  rtp::Packet next = packet;
  next.stream = stream_;
  next.video = *out;
  session_.send(next, now);
}

void ForwardedVideo::onKeyFrameRequest(std::uint8_t, TimePoint now) {
  const int layer = current_ != kPaused ? current_ : aim_.spatial;
  if (layer != kPaused) layers_[static_cast<std::size_t>(layer)]->askKeyFrame(now);
}

}  // namespace callflow::conference
