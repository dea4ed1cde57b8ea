#include "src/sim/video_pair.h"

#include <algorithm>

#include "models/client/rate_controller.h"
#include "models/media/audio_sender.h"

namespace callflow::sim {

DataRate audioRate(const media::Audio& audio) {
  const DataSize headers =
      wire::kIpv4Header + wire::kUdpHeader + media::srtpSize({}, audio.rtpExtensions);
  const DataRate codec =
      audio.codec == media::AudioCodec::opus ? audio.bitrate : media::kTelephoneRate;
  return codec + rateOf(headers, audio.frame);
}

VideoPair::VideoPair(path::Transit& transit, const topology::Call& call, const DrawNames& draws,
                     const std::array<End, 2>& ends)
    : simulator_(transit.fabric().simulator()), lane_(simulator_.addLane(*this, 0)) {
  for (const std::size_t i : {0U, 1U}) {
    const std::string& from = ends[i].name;
    const std::string& to = ends[1 - i].name;
    rtp::Session::Setup setup;
    setup.controller = client::makeController(call.congestion, call.profile);
    setup.draws = transit.fabric().flowNumber(draws.video(from, to));
    setup.controlDraws = transit.fabric().flowNumber(draws.feedback(from, to));
    setup.random = fabric::streamNumber(draws.feedback(from, to));
    if (ends[i].sends) setup.audio = audioRate(call.audio);
    sides_[i].session = std::make_unique<rtp::Session>(transit, std::move(setup));
  }
  for (const std::size_t i : {0U, 1U}) {
    sides_[i].session->connect(*sides_[1 - i].session);
    if (!ends[i].sends) continue;
    client::OutgoingVideo::Setup setup;
    setup.video = *call.video;
    setup.draws = fabric::streamNumber(draws.video(ends[i].name, ends[1 - i].name));
    fabric::RandomStream random("camera", setup.draws);
    setup.phase = Duration::fromSeconds(random.uniform() / call.video->frameRate);
    sides_[i].outgoing =
        std::make_unique<client::OutgoingVideo>(simulator_, *sides_[i].session, setup);
    sides_[1 - i].incoming = std::make_unique<client::IncomingVideo>(
        simulator_, *sides_[1 - i].session, std::uint8_t{0}, call.profile);
    sides_[i].seen.incoming = sides_[1 - i].incoming.get();
  }
}

void VideoPair::setPath(std::size_t member, bool, const path::Path& path) {
  sides_[member].session->setPath(path);
}

void VideoPair::start(TimePoint mediaStart, TimePoint mediaEnd, TimePoint scoreFrom) {
  mediaEnd_ = mediaEnd;
  for (Side& side : sides_) {
    side.session->start(mediaStart, mediaEnd);
    if (side.incoming) side.incoming->start(mediaStart, scoreFrom);
    if (side.outgoing) side.outgoing->start(mediaStart, mediaEnd);
  }
  simulator_.pushOutOfOrder(lane_, scoreFrom, 0);
}

void VideoPair::stop(std::size_t, TimePoint now) {
  if (now >= mediaEnd_) return;
  sample(now);
  mediaEnd_ = now;
  for (Side& side : sides_) {
    side.session->stop(now);
    if (side.outgoing) side.outgoing->stop(now);
  }
}

void VideoPair::onRecord(std::uint32_t, std::uint32_t, TimePoint now) {
  if (now > mediaEnd_) return;
  sample(now);
  if (now < mediaEnd_) simulator_.pushOutOfOrder(lane_, std::min(now + kSampled, mediaEnd_), 0);
}

void VideoPair::sample(TimePoint now) {
  for (const std::size_t i : {0U, 1U}) {
    Side& side = sides_[i];
    if (!side.outgoing) continue;
    client::VideoSample sample;
    sample.at = now;
    sample.sent = side.outgoing->stats();
    sample.received = sides_[1 - i].incoming->stats(now);
    sample.roundTrips = side.session->roundTripSum();
    sample.roundTripCount = side.session->roundTrips();
    side.seen.samples.push_back(sample);
  }
}

const VideoCall::Seen* VideoPair::seen(std::size_t from, std::size_t) const {
  return sides_[from].outgoing ? &sides_[from].seen : nullptr;
}

}  // namespace callflow::sim
