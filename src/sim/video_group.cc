#include "src/sim/video_group.h"

#include <algorithm>

namespace callflow::sim {

namespace {

// LiveKit lets a sender be asked for a key frame every 500 ms for the smallest size, and every
// second for the others (pkg/config: PLIThrottle).
Duration keyFramesApart(int layer) {
  return layer == 0 ? Duration::ms(500) : Duration::s(1);
}

// LiveKit stops a size that nobody can make use of after 5 s, and begins with one at once
// (pkg/rtc/dynacast).
constexpr Duration kUselessFor = Duration::s(5);

}  // namespace

VideoGroup::VideoGroup(path::Transit& transit, const topology::Call& call, const DrawNames& draws,
                       const std::string& processor, Duration processing,
                       const std::vector<End>& ends, conference::Speakers* speakers)
    : simulator_(transit.fabric().simulator()),
      lane_(simulator_.addLane(*this, static_cast<std::uint32_t>(Timer::sample))),
      limits_(simulator_.addLane(*this, static_cast<std::uint32_t>(Timer::limit))),
      members_(ends.size()),
      speakers_(speakers) {
  for (std::size_t i = 0; i < ends.size(); ++i)
    if (ends[i].connected) buildMember(i, transit, call, draws, processor, processing, ends[i]);
  for (std::size_t to = 0; to < ends.size(); ++to) {
    if (!ends[to].connected) continue;
    buildViews(call, to);
    if (speakers_ != nullptr) buildGallery(call, to);
  }
  if (speakers_ == nullptr) return;
  speakers_->setListener(*this);
  show({});
}

VideoGroup::View VideoGroup::view(const topology::Call& call, std::size_t to,
                                  conference::ForwardedVideo& forwarded) {
  return {&forwarded, std::make_unique<client::IncomingVideo>(simulator_, *members_[to].client,
                                                              forwarded.stream(), call.profile)};
}

// A screen that is shared comes before all cameras.
void VideoGroup::buildViews(const topology::Call& call, std::size_t to) {
  for (const Picture picture : {Picture::screen, Picture::camera}) {
    if (picture == Picture::camera && speakers_ != nullptr) continue;
    for (std::size_t from = 0; from < members_.size(); ++from) {
      const auto& incoming = members_[from].layers[static_cast<std::size_t>(picture)];
      if (from == to || incoming.empty()) continue;
      std::vector<conference::IncomingLayer*> layers;
      for (const auto& layer : incoming) layers.push_back(layer.get());
      Pair& pair = pairs_[{from, to, picture}];
      pair.view = view(call, to,
                       members_[to].subscriber->add(std::move(layers), picture == Picture::screen));
      pair.seen.incoming = {pair.view.incoming.get()};
    }
  }
}

void VideoGroup::buildGallery(const topology::Call& call, std::size_t to) {
  Gallery& gallery = members_[to].gallery;
  for (int i = 0; i < call.layout.videos; ++i) {
    gallery.slots.push_back(view(call, to, members_[to].subscriber->addSlot()));
    gallery.seen.incoming.push_back(gallery.slots.back().incoming.get());
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
    if (picture == Picture::camera) {
      const auto& added = member.layers[static_cast<std::size_t>(picture)].back();
      if (layer == 0) owners_[added.get()] = static_cast<std::size_t>(&member - members_.data());
      member.camera.push_back(added.get());
    }
  }
}

void VideoGroup::setPath(std::size_t member, bool back, const path::Path& path) {
  if (!members_[member].connected) return;
  (back ? *members_[member].server : *members_[member].client).setPath(path);
}

void VideoGroup::start(TimePoint mediaStart, TimePoint mediaEnd, TimePoint scoreFrom) {
  mediaEnd_ = mediaEnd;
  const std::vector<int> useful = usefulSizes();
  for (std::size_t i = 0; i < members_.size(); ++i) {
    Member& member = members_[i];
    if (!member.camera.empty()) {
      member.useful = member.limit = useful[i];
      member.outgoing->limitCamera(member.limit, mediaStart);
    }
    for (const View& slot : member.gallery.slots) slot.incoming->start(mediaStart, scoreFrom);
    member.gallery.sampled = scoreFrom;
  }
  for (auto& [who, pair] : pairs_) pair.view.incoming->start(mediaStart, scoreFrom);
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
  if (speakers_ != nullptr) show(now);
  limitSenders(now);
}

void VideoGroup::onSpeakers(TimePoint now) {
  show(now);
  limitSenders(now);
}

// To everybody those of the others who spoke last.
void VideoGroup::show(TimePoint now) {
  std::vector<conference::Subscriber::Candidate> all, others;
  for (const std::size_t who : speakers_->recent())
    if (!members_[who].camera.empty() && now < members_[who].end)
      all.push_back({who, &members_[who].camera});
  for (std::size_t to = 0; to < members_.size(); ++to) {
    const Member& member = members_[to];
    if (!member.connected || now >= member.end) continue;
    others.clear();
    for (std::size_t i = 0; i < all.size() && others.size() < member.gallery.slots.size(); ++i)
      if (all[i].who != to) others.push_back(all[i]);
    member.subscriber->show(others, now);
  }
}

// By member: how many of the sizes of its camera somebody can make use of.
std::vector<int> VideoGroup::usefulSizes() const {
  std::vector<int> useful(members_.size());
  for (const Member& member : members_) {
    if (!member.connected || member.end < TimePoint::max()) continue;
    for (const auto& [video, sizes] : member.subscriber->uses()) {
      if (video->layers().empty()) continue;
      const auto owner = owners_.find(video->layers().front());
      if (owner == owners_.end()) continue;  // of a screen
      useful[owner->second] = std::max(useful[owner->second], sizes);
    }
  }
  return useful;
}

// The server tells those who send whose use has changed, and they hear of it after half a round
// trip.
void VideoGroup::limitSenders(TimePoint now) {
  const std::vector<int> useful = usefulSizes();
  for (std::size_t i = 0; i < members_.size(); ++i) {
    Member& member = members_[i];
    if (member.camera.empty() || useful[i] == member.useful) continue;
    member.useful = useful[i];
    const Duration way = member.server->roundTrip() / 2;
    if (member.useful >= member.limit) {
      member.lessUseful.reset();
      simulator_.pushOutOfOrder(limits_, now + way, static_cast<std::uint32_t>(i));
    } else if (!member.lessUseful) {
      member.lessUseful = now;
      simulator_.pushOutOfOrder(limits_, now + kUselessFor + way, static_cast<std::uint32_t>(i));
    }
  }
}

void VideoGroup::applyLimit(Member& member, TimePoint now) {
  const bool less = member.lessUseful && now - *member.lessUseful >= kUselessFor;
  if (member.useful <= member.limit && !less) return;
  member.limit = member.useful;
  member.lessUseful.reset();
  member.outgoing->limitCamera(member.limit, now);
}

void VideoGroup::onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) {
  if (now > mediaEnd_) return;
  if (static_cast<Timer>(channel) == Timer::limit) {
    applyLimit(members_[payload], now);
    return;
  }
  sampleAll(now);
  if (now < mediaEnd_) simulator_.pushOutOfOrder(lane_, std::min(now + kSampled, mediaEnd_), 0);
}

void VideoGroup::sampleAll(TimePoint now) {
  for (auto& [who, pair] : pairs_) {
    const TimePoint end = std::min(members_[who.from].end, members_[who.to].end);
    if (now - kSampled <= end) sample(who, pair, now);
  }
  for (Member& member : members_)
    if (!member.gallery.slots.empty() && now - kSampled <= member.end) sample(member, now);
}

void VideoGroup::sample(const Who& who, Pair& pair, TimePoint now) {
  const rtp::Session& server = *members_[who.to].server;
  client::VideoSample sample;
  sample.at = now;
  sample.watched = now.sinceStart();
  sample.sent = members_[who.from].outgoing->of(who.picture)->stats();
  sample.sent.available = server.targets().available;
  sample.sent.lostPackets += pair.view.forwarded->lost();
  sample.received = pair.view.incoming->stats(now);
  sample.roundTrips = server.roundTripSum();
  sample.roundTripCount = server.roundTrips();
  pair.seen.samples.push_back(sample);
}

// All that it sees together, and what the server sends of it.
void VideoGroup::sample(Member& member, TimePoint now) {
  Gallery& gallery = member.gallery;
  const auto filled = static_cast<std::int64_t>(member.subscriber->filled());
  gallery.watched += (now - gallery.sampled) * filled;
  gallery.sampled = now;
  client::VideoSample sample;
  sample.at = now;
  sample.watched = gallery.watched;
  int shown = 0;
  for (const View& slot : gallery.slots) {
    sample.sent += slot.forwarded->counts();
    const client::InboundVideo received = slot.incoming->stats(now);
    sample.received += received;
    if (received.resolution.height == 0) continue;
    ++shown;
    sample.received.resolution.width += received.resolution.width;
    sample.received.resolution.height += received.resolution.height;
  }
  if (shown > 0) {
    sample.received.resolution.width /= shown;
    sample.received.resolution.height /= shown;
  }
  const congestion::Targets& targets = member.server->targets();
  sample.sent.available = targets.available;
  if (filled > 0) sample.sent.target = scaled(targets.target, 1.0 / static_cast<double>(filled));
  sample.roundTrips = member.server->roundTripSum();
  sample.roundTripCount = member.server->roundTrips();
  gallery.seen.samples.push_back(sample);
}

const VideoCall::Seen* VideoGroup::seen(std::size_t from, std::size_t to, Picture picture) const {
  const auto found = pairs_.find({from, to, picture});
  return found == pairs_.end() ? nullptr : &found->second.seen;
}

const VideoCall::Seen* VideoGroup::gallery(std::size_t to) const {
  const Seen& seen = members_[to].gallery.seen;
  return seen.incoming.empty() ? nullptr : &seen;
}

}  // namespace callflow::sim
