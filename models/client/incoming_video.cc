#include "models/client/incoming_video.h"

#include <algorithm>

#include "models/wire/header_sizes.h"

namespace callflow::client {

namespace {

video_receiver::Parameters parametersOf(Version version) {
  video_receiver::Parameters parameters;
  if (version != Version::chrome2026) parameters.nackTries = video_receiver::kEarlierNackTries;
  return parameters;
}

}  // namespace

IncomingVideo::IncomingVideo(fabric::FabricSimulator& simulator, rtp::Session& session,
                             std::uint8_t stream, Version version)
    : simulator_(simulator),
      session_(session),
      stream_(stream),
      lane_(simulator.addLane(*this, 0)),
      receiver_(parametersOf(version), TimePoint{}, this) {
  session.setReceiver(stream, *this);
}

IncomingVideo::~IncomingVideo() = default;

void IncomingVideo::start(TimePoint mediaStart, TimePoint scoreFrom) {
  scoreFrom_ = scoreFrom;
  shown_ = mediaStart;
}

void IncomingVideo::onPacket(const rtp::Packet& packet, TimePoint sent, TimePoint now) {
  if (sent >= scoreFrom_) delays_.add(now - sent);
  counts_.bytes += packet.size - wire::kSrtpTag;
  ++counts_.packets;
  if (packet.kind == rtp::PacketKind::fec) {
    takeBack(recovery_.onParity(packet.parity), now);
    if (packet.video.sequence != rtp::kNoNumber)
      ask(receiver_.onPadding(packet.video.sequence, now), now);
    return;
  }
  if (!packet.video.repaired()) newest_ = {packet.video.captured, now};
  ask(receiver_.onPacket(packet.video, now), now);
  takeBack(recovery_.onMedia(packet.video.sequence), now);
}

void IncomingVideo::takeBack(const std::vector<std::int64_t>& recovered, TimePoint now) {
  for (const std::int64_t sequence : recovered) {
    const rtp::Packet* const original = session_.original(stream_, sequence);
    if (original == nullptr) continue;
    ++counts_.recoveredPackets;
    video_receiver::Packet packet = original->video;
    packet.recovered = true;
    ask(receiver_.onPacket(packet, now), now);
  }
}

void IncomingVideo::onRoundTrip(Duration roundTrip, TimePoint now) {
  receiver_.onRoundTrip(roundTrip, now);
}

void IncomingVideo::onRecord(std::uint32_t, std::uint32_t, TimePoint now) {
  if (now < wakeAt_) return;  // it was put off
  wakeAt_ = TimePoint::max();
  ask(receiver_.process(now), now);
}

void IncomingVideo::ask(const video_receiver::Requests& requests, TimePoint now) {
  if (!requests.nack.empty()) session_.askAgain(stream_, requests.nack);
  if (requests.keyFrame) session_.askKeyFrame(stream_);
  const TimePoint next = std::max(receiver_.nextWakeUp(), now);
  if (next == TimePoint::max() || next >= wakeAt_) return;
  wakeAt_ = next;
  simulator_.pushOutOfOrder(lane_, next, 0);
}

void IncomingVideo::onFrame(const video_receiver::SeenFrame& seen) {
  const video_receiver::Frame& frame = seen.frame;
  const TimePoint shown = std::max(seen.shown, seen.decoded);
  decoded_ = frame.captured;
  counts_.decodedBytes += frame.size;
  counts_.captureToRender += shown - frame.captured;
  ++counts_.framesRendered;
  noteHeight(counts_.resolution.height, shown);
  const video::Resolution size{frame.width, frame.height};
  if (counts_.framesRendered > 1 && !(size == counts_.resolution)) ++counts_.resolutionChanges;
  counts_.resolution = size;
}

void IncomingVideo::noteHeight(int height, TimePoint until) {
  const TimePoint from = std::max(shown_, scoreFrom_);
  shown_ = until;
  if (height == 0 || until <= from) return;
  const auto known = std::find_if(heights_.begin(), heights_.end(),
                                  [&](const auto& each) { return each.first == height; });
  if (known != heights_.end())
    known->second += until - from;
  else
    heights_.emplace_back(height, until - from);
}

void IncomingVideo::onFreeze(TimePoint from, TimePoint to) {
  freezes_.push_back({from, to});
  if (to >= scoreFrom_) longestFreeze_ = std::max(longestFreeze_, to - std::max(from, scoreFrom_));
}

std::optional<TimePoint> IncomingVideo::decoded(TimePoint now) {
  ask(receiver_.process(now), now);
  return decoded_;
}

InboundVideo IncomingVideo::stats(TimePoint now) {
  ask(receiver_.process(now), now);
  const video_receiver::Statistics statistics = receiver_.statistics();
  InboundVideo stats = counts_;
  stats.framesDecoded = statistics.framesDecoded;
  stats.keyFramesDecoded = statistics.keyFramesDecoded;
  stats.framesDropped = statistics.framesDropped;
  stats.freezes = statistics.freezeCount;
  stats.frozen = statistics.totalFreezesDuration;
  stats.gaps = statistics.totalInterFrameDelay;
  stats.squaredGaps = statistics.totalSquaredInterFrameDelay;
  stats.inJitterBuffer = statistics.jitterBufferDelay;
  stats.nacks = statistics.nackCount;
  stats.keyFrameRequests = statistics.pliCount;
  return stats;
}

}  // namespace callflow::client
