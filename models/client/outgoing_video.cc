#include "models/client/outgoing_video.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "models/video/payload_rate.h"
#include "models/wire/header_sizes.h"

namespace callflow::client {

namespace {

// What of the largest packet counts in rates, and of that what is none of the codec's bytes: IPv4,
// UDP, SRTP's tag, RTP with its extensions.
constexpr DataSize kBelowRtp = wire::kIpv4Header + wire::kUdpHeader + wire::kSrtpTag;
constexpr DataSize kLargest = video::kLargestRtp + kBelowRtp;

std::variant<video::VideoSender, video::ShareSender> senderOf(
    const std::variant<video::Video, video::Share>& picture, std::uint64_t draws) {
  if (const auto* const camera = std::get_if<video::Video>(&picture))
    return video::VideoSender(*camera, draws);
  return video::ShareSender(std::get<video::Share>(picture), draws);
}

std::size_t layersOf(const std::variant<video::Video, video::Share>& picture) {
  const auto* const camera = std::get_if<video::Video>(&picture);
  return camera != nullptr ? static_cast<std::size_t>(camera->simulcastLayers) : 1;
}

// libwebrtc: rtp_video_sender.cc gives it on in 256ths.
Ratio inSteps(Ratio loss) {
  return Ratio::fromDouble(std::floor(loss.value() * 256) / 255);
}

}  // namespace

OutgoingVideo::OutgoingVideo(fabric::FabricSimulator& simulator, rtp::Session& session,
                             const Setup& setup)
    : simulator_(simulator),
      session_(session),
      setup_(setup),
      sender_(senderOf(setup.picture, setup.draws)),
      lane_(simulator.addLane(*this, 0)),
      layers_(layersOf(setup.picture)) {
  for (Layer& layer : layers_) {
    layer.stream = session.addSource(*this, rtp::Numbering::asTheyLeave);
    layer.last.fill(video_receiver::kNoFrame);
  }
  if (packetization().fec != video::Fec::none && layers_.size() == 1) protector_.emplace();
}

std::vector<std::uint8_t> OutgoingVideo::streams() const {
  std::vector<std::uint8_t> streams;
  for (const Layer& layer : layers_) streams.push_back(layer.stream);
  return streams;
}

void OutgoingVideo::limitSizes(int sizes, TimePoint now) {
  std::get<video::VideoSender>(sender_).limitSizes(sizes, now);
}

void OutgoingVideo::start(TimePoint mediaStart, TimePoint end) {
  end_ = end;
  simulator_.pushOutOfOrder(lane_, mediaStart + setup_.phase, 0);
}

void OutgoingVideo::onRecord(std::uint32_t, std::uint32_t, TimePoint now) {
  if (now >= end_) return;
  capture(now);
  const Duration next = std::visit([](auto& sender) { return sender.interval(); }, sender_);
  simulator_.pushOutOfOrder(lane_, now + next, 0);
}

void OutgoingVideo::capture(TimePoint now) {
  const std::vector<video::EncodedFrame> frames =
      std::visit([&](auto& sender) { return sender.capture(now); }, sender_);
  for (const video::EncodedFrame& frame : frames) sendFrame(frame, now);
  if (frames.empty()) return;
  const video::EncodedFrame& largest = frames.back();
  ++stats_.framesEncoded;
  if (largest.key) ++stats_.keyFramesEncoded;
  stats_.quantizers += largest.qp;
  stats_.resolution = largest.resolution;
}

void OutgoingVideo::sendFrame(const video::EncodedFrame& frame, TimePoint now) {
  Layer& layer = layers_[static_cast<std::size_t>(frame.stream)];
  const auto temporal = static_cast<std::size_t>(frame.temporalLayer);
  if (frame.key) layer.last.fill(video_receiver::kNoFrame);
  const std::int64_t dependsOn =
      *std::max_element(layer.last.begin(), layer.last.begin() + frame.temporalLayer + 1);
  layer.last[temporal] = layer.frame;
  const std::vector<video::VideoPacket> packets =
      std::visit([&](const auto& sender) { return sender.packets(frame); }, sender_);
  if (protector_)
    protector_->onFrame(
        static_cast<double>(frame.size.count()) / static_cast<double>(video::kLargestRtp.count()),
        frame.key, now);
  rtp::Packet packet;
  packet.kind = rtp::PacketKind::video;
  packet.stream = layer.stream;
  packet.video.frame = layer.frame++;
  packet.video.dependsOn = dependsOn;
  packet.video.captured = frame.captured;
  packet.video.width = static_cast<std::uint16_t>(frame.resolution.width);
  packet.video.height = static_cast<std::uint16_t>(frame.resolution.height);
  packet.video.spatialLayer = static_cast<std::uint8_t>(frame.stream);
  packet.video.temporalLayer = static_cast<std::uint8_t>(frame.temporalLayer);
  packet.video.key = frame.key;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    packet.video.first = i == 0;
    packet.video.last = i + 1 == packets.size();
    packet.video.size = packets[i].payload;
    packet.size = packets[i].srtp;
    session_.send(packet, now);
  }
}

DataSize OutgoingVideo::headers() const {
  const DataSize extensions =
      std::visit([](const auto& picture) { return picture.rtpExtensions; }, setup_.picture);
  return kBelowRtp + wire::kRtpHeader + extensions;
}

// The rate of which so much is left for the codec's bytes.
DataRate OutgoingVideo::withHeaders(DataRate payload) const {
  const std::int64_t bits = (kLargest - headers()).count() * 8;
  const std::int64_t packets = (payload.count() + bits - 1) / bits;
  return payload + DataRate::bitsPerSecond(packets * headers().count() * 8);
}

// libwebrtc sends at its least rate even where there is less: suspend_below_min_bitrate is off.
congestion::StreamDemand OutgoingVideo::demand() const {
  congestion::StreamDemand demand;
  demand.pauses = false;
  std::visit(
      [&](const auto& sender) {
        demand.least = withHeaders(sender.leastRate());
        demand.most = withHeaders(sender.mostRate());
      },
      sender_);
  const auto* const camera = std::get_if<video::VideoSender>(&sender_);
  if (camera != nullptr && camera->streams() > 1)
    demand.padding = withHeaders(camera->paddingRate());
  return demand;
}

video::Packetization OutgoingVideo::packetization() const {
  return std::visit([](const auto& sender) { return sender.packetization(); }, sender_);
}

DataRate OutgoingVideo::mediaRate(DataRate payload, const rtp::Allowance& allowance,
                                  TimePoint now) {
  if (!protector_) return payload;
  fec::ProtectedStream stream;
  stream.rate = payload;
  stream.width = stats_.resolution.width;
  stream.height = stats_.resolution.height;
  if (const auto* const camera = std::get_if<video::VideoSender>(&sender_))
    stream.temporalLayers = camera->temporalLayers();
  stream.roundTrip = allowance.roundTrip;
  return protector_->mediaRate(stream, inSteps(allowance.loss), now);
}

double OutgoingVideo::setRate(DataRate rate, const rtp::Allowance& allowance, TimePoint now) {
  const DataRate all = video::payloadRate(rate, headers(), kLargest);
  const DataRate payload = mediaRate(all, allowance, now);
  const double encoderShare = allowance.encoderShare;
  const double repair =
      all > DataRate{} ? 1 - static_cast<double>(payload.count()) / static_cast<double>(all.count())
                       : 0;
  if (auto* const camera = std::get_if<video::VideoSender>(&sender_)) {
    // What is there beyond its most stays known to it: the path's room for frames that are too
    // large for a moment (video_send_stream_impl.cc, link_allocation).
    camera->setTarget(std::max(payload, camera->leastRate()), now, 1 - encoderShare);
    return repair;
  }
  auto& screen = std::get<video::ShareSender>(sender_);
  screen_ = scaled(std::clamp(payload, screen.leastRate(), screen.mostRate()), encoderShare);
  screen.setTarget(screen_, now);
  return repair;
}

void OutgoingVideo::onKeyFrameRequest(std::uint8_t stream, TimePoint now) {
  if (auto* const screen = std::get_if<video::ShareSender>(&sender_)) {
    screen->requestKeyFrame(now);
    return;
  }
  for (std::size_t i = 0; i < layers_.size(); ++i)
    if (layers_[i].stream == stream)
      std::get<video::VideoSender>(sender_).requestKeyFrame(static_cast<int>(i), now);
}

void OutgoingVideo::protect(const rtp::Packet& packet, TimePoint now) {
  protector_->onSent(packet.size, packet.kind != rtp::PacketKind::video, now);
  // Only the lowest temporal layer is protected (rtp_sender_video.cc).
  if (packet.kind != rtp::PacketKind::video || packet.video.temporalLayer > 0) return;
  const std::vector<fec::Parity>& all = protector_->onProtected(
      packet.video.sequence, packet.size, packet.video.key, packet.video.last);
  if (all.empty()) return;
  const video::Packetization format = packetization();
  rtp::Packet parity;
  parity.kind = rtp::PacketKind::fec;
  parity.stream = packet.stream;
  if (format.fec == video::Fec::flexfec) parity.video.sequence = rtp::kNoNumber;
  for (const fec::Parity& one : all) {
    parity.parity = one;
    parity.size = video::parityPacket(one.longest, std::bit_width(one.over), format);
    session_.send(parity, now);
  }
}

void OutgoingVideo::onSent(const rtp::Packet& packet, Duration waited, TimePoint now) {
  const DataSize size = packet.size - wire::kSrtpTag;
  stats_.bytes += size;
  if (packet.fills) return;
  ++stats_.packets;
  stats_.waited += waited;
  if (protector_) protect(packet, now);
  if (packet.kind == rtp::PacketKind::fec) stats_.parityBytes += size;
  if (packet.kind != rtp::PacketKind::retransmission) return;
  ++stats_.retransmittedPackets;
  stats_.retransmittedBytes += size;
}

void OutgoingVideo::onLost(const rtp::Packet& packet) {
  if (!packet.fills) ++stats_.lostPackets;
}

OutboundVideo OutgoingVideo::stats() const {
  OutboundVideo stats = stats_;
  stats.available = session_.targets().available;
  stats.target = screen_;
  if (const auto* const camera = std::get_if<video::VideoSender>(&sender_))
    for (int i = 0; i < camera->streams(); ++i) stats.target += camera->rateOf(i);
  return stats;
}

}  // namespace callflow::client
