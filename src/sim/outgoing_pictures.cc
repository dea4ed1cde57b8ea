#include "src/sim/outgoing_pictures.h"

#include <utility>

#include "models/fabric/random.h"

namespace callflow::sim {

OutgoingPictures::OutgoingPictures(fabric::FabricSimulator& simulator, rtp::Session& session,
                                   const topology::Call& call, const std::string& name,
                                   bool presents)
    : rate_(session) {
  // Servers forward no parity (mediasoup, LiveKit and Jitsi do not offer it).
  const auto add = [&](Picture picture, auto source, const std::string& draws) {
    if (call.viaMediaProcessor()) source.fec = video::Fec::none;
    this->add(picture, simulator, session, {source, 0, {}}, source.frameRate, draws);
  };
  if (call.video) add(Picture::camera, *call.video, name);
  if (call.share && presents) add(Picture::screen, *call.share, name + " screen");
}

// Cameras and screens run by clocks of their own.
void OutgoingPictures::add(Picture picture, fabric::FabricSimulator& simulator,
                           rtp::Session& session, client::OutgoingVideo::Setup setup, int frameRate,
                           const std::string& name) {
  setup.draws = fabric::streamNumber(name);
  fabric::RandomStream random("camera", setup.draws);
  setup.phase = Duration::fromSeconds(random.uniform() / frameRate);
  auto& stream = streams_[static_cast<std::size_t>(picture)];
  stream = std::make_unique<client::OutgoingVideo>(simulator, session, setup);
  rate_.add(*stream);
}

void OutgoingPictures::limitCamera(int sizes, TimePoint now) {
  streams_[static_cast<std::size_t>(Picture::camera)]->limitSizes(sizes, now);
  rate_.demandChanged(now);
}

void OutgoingPictures::start(TimePoint mediaStart, TimePoint end) {
  for (const auto& stream : streams_)
    if (stream) stream->start(mediaStart, end);
}

void OutgoingPictures::stop(TimePoint now) {
  for (const auto& stream : streams_)
    if (stream) stream->stop(now);
}

}  // namespace callflow::sim
