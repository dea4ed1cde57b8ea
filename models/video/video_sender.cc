#include "models/video/video_sender.h"

#include <algorithm>

namespace callflow::video {
namespace {

// libwebrtc: a stream's minimum (kDefaultMinVideoBitrateBps).
constexpr DataRate kLeastRate = DataRate::kbps(30);

}  // namespace

DataRate defaultMaxRate(Resolution size) {
  const int pixels = size.pixels();
  if (pixels <= 320 * 240) return DataRate::kbps(600);
  if (pixels <= 640 * 480) return DataRate::kbps(1700);
  if (pixels <= 960 * 540) return DataRate::kbps(2000);
  return DataRate::kbps(2500);
}

VideoSender::VideoSender(const Video& video, std::uint64_t draws)
    : video_(video),
      encoder_({.codec = video.codec,
                .content = video.content,
                .captured = video.captured(),
                .temporalLayers = std::max(video.temporalLayers, 1),
                .frameSizes = video.frameSizes},
               draws) {}

void VideoSender::setTarget(DataRate target, TimePoint now) {
  target_ = std::min(target, mostRate());
  encoder_.setRate(target_, video_.frameRate, now);
}

void VideoSender::requestKeyFrame(int, TimePoint now) {
  encoder_.requestKeyFrame(now);
}

std::vector<EncodedFrame> VideoSender::capture(TimePoint now) {
  std::vector<EncodedFrame> out;
  if (const auto frame = encoder_.encode(now)) out.push_back(*frame);
  return out;
}

Duration VideoSender::interval() {
  return encoder_.interval();
}

std::vector<VideoPacket> VideoSender::packets(const EncodedFrame& frame) const {
  return packetize(frame.size, frame.key,
                   {.codec = video_.codec,
                    .layered = video_.temporalLayers > 1,
                    .extensions = video_.rtpExtensions});
}

DataRate VideoSender::leastRate() const {
  return kLeastRate;
}

DataRate VideoSender::mostRate() const {
  return video_.maxBitrate == DataRate{} ? defaultMaxRate(video_.captured()) : video_.maxBitrate;
}

}  // namespace callflow::video
