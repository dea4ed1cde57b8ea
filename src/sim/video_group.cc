#include "src/sim/video_group.h"

#include <algorithm>

namespace callflow::sim {

namespace {

// LiveKit lets a sender be asked for a key frame every 500 ms for the smallest size, and every
// second for the others (pkg/config: PLIThrottle).
Duration keyFramesApart(int layer) {
  return layer == 0 ? Duration::ms(500) : Duration::s(1);
}

}  // namespace

VideoGroup::VideoGroup(path::Transit& transit, const topology::Call& call, const DrawNames& draws,
                       const std::string& processor, Duration processing,
                       const std::vector<End>& ends)
    : simulator_(transit.fabric().simulator()),
      lane_(simulator_.addLane(*this, 0)),
      members_(ends.size()) {
  for (std::size_t i = 0; i < ends.size(); ++i)
    if (ends[i].connected) buildMember(i, transit, call, draws, processor, processing, ends[i]);
  for (std::size_t to = 0; to < ends.size(); ++to)
    if (ends[to].connected) buildViews(call, to);
}

// A screen that is shared comes before all cameras.
void VideoGroup::buildViews(const topology::Call& call, std::size_t to) {
  for (const Picture picture : {Picture::screen, Picture::camera}) {
    for (std::size_t from = 0; from < members_.size(); ++from) {
      const auto& incoming = members_[from].layers[static_cast<std::size_t>(picture)];
      if (from == to || incoming.empty()) continue;
      std::vector<conference::IncomingLayer*> layers;
      for (const auto& layer : incoming) layers.push_back(layer.get());
      View& view = views_[{from, to, picture}];
      view.forwarded = &members_[to].subscriber->add(std::move(layers), picture == Picture::screen);
      view.incoming = std::make_unique<client::IncomingVideo>(
          simulator_, *members_[to].client, view.forwarded->stream(), call.profile);
      view.seen.incoming = view.incoming.get();
    }
  }
}

VideoGroup::~VideoGroup() = default;

void VideoGroup::buildMember(std::size_t i, path::Transit& transit, const topology::Call& call,
                             const DrawNames& draws, const std::string& processor,
                             Duration processing, const End& end) {
  Member& member = members_[i];
  member.connected = true;
  member.client = makeSession(transit, call, draws, end.name, processor,
                              end.sends ? audioRate(call.audio) : DataRate{});
  // Its sound is not numbered: what is found is what is left for video.
  member.server = makeSession(transit, call, draws, processor, end.name, DataRate{});
  member.client->connect(*member.server);
  member.server->connect(*member.client);
  member.subscriber =
      std::make_unique<conference::Subscriber>(simulator_, *member.server, call.layout);
  if (!end.sends) return;
  member.outgoing = std::make_unique<OutgoingPictures>(
      simulator_, *member.client, call, draws.video(end.name, processor), end.presents);
  if (call.video) buildLayers(member, Picture::camera, call.video->captured(), processing);
  if (call.share) buildLayers(member, Picture::screen, call.share->captured(), processing);
}

void VideoGroup::buildLayers(Member& member, Picture picture, video::Resolution size,
                             Duration processing) {
  const client::OutgoingVideo* const sent = member.outgoing->of(picture);
  if (sent == nullptr) return;
  const std::vector<std::uint8_t> streams = sent->streams();
  for (std::size_t layer = 0; layer < streams.size(); ++layer) {
    conference::IncomingLayer::Setup incoming;
    incoming.stream = streams[layer];
    incoming.layer = static_cast<int>(layer);
    incoming.processing = processing;
    incoming.keyFramesApart = keyFramesApart(incoming.layer);
    const auto shift = static_cast<int>(streams.size() - 1 - layer);
    incoming.resolution = {size.width >> shift, size.height >> shift};
    member.layers[static_cast<std::size_t>(picture)].push_back(
        std::make_unique<conference::IncomingLayer>(simulator_, *member.server, incoming));
  }
}

void VideoGroup::setPath(std::size_t member, bool back, const path::Path& path) {
  if (!members_[member].connected) return;
  (back ? *members_[member].server : *members_[member].client).setPath(path);
}

void VideoGroup::start(TimePoint mediaStart, TimePoint mediaEnd, TimePoint scoreFrom) {
  mediaEnd_ = mediaEnd;
  for (auto& [who, view] : views_) view.incoming->start(mediaStart, scoreFrom);
  for (Member& member : members_) {
    if (!member.connected) continue;
    member.client->start(mediaStart, mediaEnd);
    member.server->start(mediaStart, mediaEnd);
    member.subscriber->start(mediaStart, mediaEnd);
    if (member.outgoing) member.outgoing->start(mediaStart, mediaEnd);
  }
  simulator_.pushOutOfOrder(lane_, scoreFrom, 0);
}

void VideoGroup::stop(std::size_t number, TimePoint now) {
  Member& member = members_[number];
  if (!member.connected || now >= member.end) return;
  member.end = now;
  member.client->stop(now);
  member.server->stop(now);
  if (member.outgoing) member.outgoing->stop(now);
}

void VideoGroup::onRecord(std::uint32_t, std::uint32_t, TimePoint now) {
  if (now > mediaEnd_) return;
  for (auto& [who, view] : views_) {
    const TimePoint end = std::min(members_[who.from].end, members_[who.to].end);
    if (now - kSampled <= end) sample(who, view, now);
  }
  if (now < mediaEnd_) simulator_.pushOutOfOrder(lane_, std::min(now + kSampled, mediaEnd_), 0);
}

void VideoGroup::sample(const Who& who, View& view, TimePoint now) {
  const rtp::Session& server = *members_[who.to].server;
  client::VideoSample sample;
  sample.at = now;
  sample.sent = members_[who.from].outgoing->of(who.picture)->stats();
  sample.sent.available = server.targets().available;
  sample.sent.lostPackets += view.forwarded->lost();
  sample.received = view.incoming->stats(now);
  sample.roundTrips = server.roundTripSum();
  sample.roundTripCount = server.roundTrips();
  view.seen.samples.push_back(sample);
}

const VideoCall::Seen* VideoGroup::seen(std::size_t from, std::size_t to, Picture picture) const {
  const auto found = views_.find({from, to, picture});
  return found == views_.end() ? nullptr : &found->second.seen;
}

}  // namespace callflow::sim
