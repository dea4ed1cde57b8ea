#include "src/sim/video_pair.h"

#include <algorithm>

namespace callflow::sim {

VideoPair::VideoPair(path::Transit& transit, const topology::Call& call, const DrawNames& draws,
                     const std::array<End, 2>& ends)
    : simulator_(transit.fabric().simulator()), lane_(simulator_.addLane(*this, 0)) {
  for (const std::size_t i : {0U, 1U}) {
    const std::string& from = ends[i].name;
    const std::string& to = ends[1 - i].name;
    sides_[i].session = makeSession(transit, call, draws, from, to,
                                    ends[i].sends ? audioRate(call.audio) : DataRate{});
  }
  for (const std::size_t i : {0U, 1U}) {
    sides_[i].session->connect(*sides_[1 - i].session);
    if (!ends[i].sends) continue;
    sides_[i].outgoing = std::make_unique<OutgoingPictures>(
        simulator_, *sides_[i].session, call, draws.video(ends[i].name, ends[1 - i].name),
        ends[i].presents);
    for (const Picture picture : kPictures) {
      const client::OutgoingVideo* const sent = sides_[i].outgoing->of(picture);
      if (sent == nullptr) continue;
      const auto at = static_cast<std::size_t>(picture);
      sides_[i].incoming[at] = std::make_unique<client::IncomingVideo>(
          simulator_, *sides_[1 - i].session, sent->streams().front(), call.profile);
      sides_[i].seen[at].incoming = {sides_[i].incoming[at].get()};
    }
  }
}

void VideoPair::setPath(std::size_t member, bool, const path::Path& path) {
  sides_[member].session->setPath(path);
}

void VideoPair::start(TimePoint mediaStart, TimePoint mediaEnd, TimePoint scoreFrom) {
  mediaEnd_ = mediaEnd;
  for (Side& side : sides_) {
    side.session->start(mediaStart, mediaEnd);
    for (const auto& incoming : side.incoming)
      if (incoming) incoming->start(mediaStart, scoreFrom);
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
  for (Side& side : sides_) {
    for (const Picture picture : kPictures) {
      const auto at = static_cast<std::size_t>(picture);
      if (!side.incoming[at]) continue;
      client::VideoSample sample;
      sample.at = now;
      sample.watched = now.sinceStart();
      sample.sent = side.outgoing->of(picture)->stats();
      sample.received = side.incoming[at]->stats(now);
      sample.roundTrips = side.session->roundTripSum();
      sample.roundTripCount = side.session->roundTrips();
      side.seen[at].samples.push_back(sample);
    }
  }
}

const VideoCall::Seen* VideoPair::seen(std::size_t from, std::size_t, Picture picture) const {
  const Seen& seen = sides_[from].seen[static_cast<std::size_t>(picture)];
  return seen.incoming.empty() ? nullptr : &seen;
}

}  // namespace callflow::sim
