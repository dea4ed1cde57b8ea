#include "src/sim/video_mix.h"

#include <algorithm>

#include "models/fabric/random.h"

namespace callflow::sim {

namespace {

// Of a record.
constexpr std::uint32_t kCompose = 0;
constexpr std::uint32_t kSample = 1;

constexpr int kWindow = 720;  // what a picture is composed for, if the layout does not say

// As the call's own, in one size: a mixer asks for no other.
topology::Call inOneSize(const topology::Call& call) {
  topology::Call one = call;
  one.video->simulcastLayers = 1;
  return one;
}

video::Video composedOf(const topology::Call& call) {
  video::Video picture = *call.video;
  picture.height = call.layout.height > 0 ? call.layout.height : kWindow;
  picture.width = picture.height * 16 / 9 / 2 * 2;  // 4:2:0 needs an even number
  picture.simulcastLayers = 1;
  picture.fec = video::Fec::none;
  return picture;
}

}  // namespace

VideoMix::VideoMix(path::Transit& transit, const topology::Call& call, const DrawNames& draws,
                   const std::string& processor, Duration encoding, const std::vector<End>& ends)
    : simulator_(transit.fabric().simulator()),
      lane_(simulator_.addLane(*this, 0)),
      interval_(Duration::s(1) / call.video->frameRate),
      encoding_(encoding),
      members_(ends.size()) {
  const topology::Call one = inOneSize(call);
  for (std::size_t i = 0; i < ends.size(); ++i)
    if (ends[i].connected) buildMember(members_[i], transit, one, draws, processor, ends[i]);
  for (std::size_t to = 0; to < ends.size(); ++to) {
    if (!members_[to].connected) continue;
    for (std::size_t from = 0; from < ends.size(); ++from)
      if (from != to && members_[from].atServer) views_[{from, to}];
    const bool any = std::any_of(members_.begin(), members_.end(), [&](const Member& member) {
      return member.atServer && &member != &members_[to];
    });
    if (any) buildPicture(members_[to], call, draws.video(processor, ends[to].name));
  }
  for (auto& [who, view] : views_) view.seen.incoming = {members_[who.second].incoming.get()};
}

VideoMix::~VideoMix() = default;

void VideoMix::buildMember(Member& member, path::Transit& transit, const topology::Call& call,
                           const DrawNames& draws, const std::string& processor, const End& end) {
  member.connected = true;
  member.client = makeSession(transit, call, draws, end.name, processor,
                              end.sends ? audioRate(call.audio) : DataRate{});
  member.server = makeSession(transit, call, draws, processor, end.name, DataRate{});
  member.client->connect(*member.server);
  member.server->connect(*member.client);
  if (!end.sends) return;
  member.outgoing = std::make_unique<OutgoingPictures>(simulator_, *member.client, call,
                                                       draws.video(end.name, processor), false);
  const client::OutgoingVideo& sent = *member.outgoing->of(Picture::camera);
  member.atServer = std::make_unique<client::IncomingVideo>(simulator_, *member.server,
                                                            sent.streams().front(), call.profile);
}

void VideoMix::buildPicture(Member& member, const topology::Call& call, const std::string& draws) {
  client::OutgoingVideo::Setup setup;
  setup.picture = composedOf(call);
  setup.draws = fabric::streamNumber(draws);
  setup.phase = encoding_;
  member.rate = std::make_unique<client::SharedRate>(*member.server);
  member.picture = std::make_unique<client::OutgoingVideo>(simulator_, *member.server, setup);
  member.rate->add(*member.picture);
  member.incoming = std::make_unique<client::IncomingVideo>(
      simulator_, *member.client, member.picture->streams().front(), call.profile);
}

void VideoMix::setPath(std::size_t member, bool back, const path::Path& path) {
  if (!members_[member].connected) return;
  (back ? *members_[member].server : *members_[member].client).setPath(path);
}

void VideoMix::start(TimePoint mediaStart, TimePoint mediaEnd, TimePoint scoreFrom) {
  mediaEnd_ = mediaEnd;
  for (Member& member : members_) {
    if (!member.connected) continue;
    member.client->start(mediaStart, mediaEnd);
    member.server->start(mediaStart, mediaEnd);
    if (member.atServer) member.atServer->start(mediaStart, scoreFrom);
    if (member.incoming) member.incoming->start(mediaStart, scoreFrom);
    if (member.outgoing) member.outgoing->start(mediaStart, mediaEnd);
    if (member.picture) member.picture->start(mediaStart, mediaEnd);
  }
  simulator_.pushOutOfOrder(lane_, mediaStart, kCompose);
  simulator_.pushOutOfOrder(lane_, scoreFrom, kSample);
}

void VideoMix::stop(std::size_t number, TimePoint now) {
  Member& member = members_[number];
  if (!member.connected || now >= member.end) return;
  member.end = now;
  member.client->stop(now);
  member.server->stop(now);
  if (member.outgoing) member.outgoing->stop(now);
  if (member.picture) member.picture->stop(now);
}

void VideoMix::onRecord(std::uint32_t, std::uint32_t payload, TimePoint now) {
  if (now > mediaEnd_) return;
  if (payload == kCompose) {
    compose(now);
    simulator_.pushOutOfOrder(lane_, now + interval_, kCompose);
    return;
  }
  sample(now);
  if (now < mediaEnd_)
    simulator_.pushOutOfOrder(lane_, std::min(now + kSampled, mediaEnd_), kSample);
}

void VideoMix::compose(TimePoint now) {
  for (Member& member : members_) {
    if (!member.atServer) continue;
    const auto newest = member.atServer->decoded(now);
    if (!newest || *newest <= member.composed) continue;
    member.composed = *newest;
    member.ages += now + encoding_ - *newest;
    ++member.composedFrames;
  }
}

void VideoMix::sample(TimePoint now) {
  for (Member& member : members_) {
    if (member.composedFrames > 0) member.meanAge = member.ages / member.composedFrames;
    member.ages = {};
    member.composedFrames = 0;
  }
  for (auto& [who, view] : views_) {
    const auto& [from, to] = who;
    if (now - kSampled <= std::min(members_[from].end, members_[to].end))
      sampleView(from, to, view, now);
  }
}

// The picture's figures are the composed one's; its delays begin at the camera, and where its part
// of the picture stands still, that is a freeze as well.
void VideoMix::sampleView(std::size_t from, std::size_t to, View& view, TimePoint now) {
  const Member& member = members_[to];
  client::VideoSample sample;
  sample.at = now;
  sample.watched = now.sinceStart();
  sample.sent = member.picture->stats();
  sample.received = member.incoming->stats(now);
  const client::InboundVideo part = members_[from].atServer->stats(now);
  view.before += members_[from].meanAge * (sample.received.framesRendered - view.rendered);
  view.rendered = sample.received.framesRendered;
  sample.received.captureToRender += view.before;
  sample.received.freezes += part.freezes;
  sample.received.frozen += part.frozen;
  sample.roundTrips = member.server->roundTripSum();
  sample.roundTripCount = member.server->roundTrips();
  view.seen.samples.push_back(sample);
}

const VideoCall::Seen* VideoMix::seen(std::size_t from, std::size_t to, Picture picture) const {
  const auto found = views_.find({from, to});
  return picture != Picture::camera || found == views_.end() ? nullptr : &found->second.seen;
}

}  // namespace callflow::sim
