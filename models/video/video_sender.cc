#include "models/video/video_sender.h"

#include <algorithm>
#include <cmath>

namespace callflow::video {
namespace {

// libwebrtc: video_stream_encoder.cc. Encoders are told anew so often, if nothing changes.
constexpr Duration kToldEvery = Duration::s(1);

// libwebrtc: the same. A smaller share is no reason to leave out frames; of two at most one is.
constexpr double kLeastDropped = 0.01;
constexpr int kLeastEvery = 2;

int temporalLayersOf(const Video& video) {
  if (video.codec == Codec::h264) return 1;
  if (video.temporalLayers > 0) return video.temporalLayers;
  return video.simulcastLayers > 1 ? 3 : 1;
}

std::vector<StreamLimits> limitsOf(const Video& video) {
  const DataRate wanted = video.maxBitrate;
  if (video.simulcastLayers > 1) {
    std::vector<StreamLimits> streams =
        simulcastStreams(video.codec, video.captured(), video.simulcastLayers);
    // What the application allows over the table's sum is the largest stream's.
    const DataRate sum = SimulcastAllocator(streams).most();
    if (wanted > sum) streams.back().most += wanted - sum;
    return streams;
  }
  const DataRate most = wanted == DataRate{} ? defaultMaxRate(video.captured()) : wanted;
  return {{video.captured(), std::min(kLeastVideoRate, most), most, most}};
}

std::vector<Encoder> encodersOf(const Video& video, const std::vector<StreamLimits>& limits,
                                int temporalLayers, std::uint64_t draws) {
  std::vector<Encoder> out;
  for (const StreamLimits& stream : limits) {
    const int number = static_cast<int>(out.size());
    // Each has draws of its own; a single one those of its number.
    out.emplace_back(EncoderSettings{.codec = video.codec,
                                     .content = video.content,
                                     .captured = video.captured(),
                                     .temporalLayers = temporalLayers,
                                     .frameSizes = video.frameSizes,
                                     .stream = number},
                     draws * kMostLayers + static_cast<std::uint64_t>(number));
    out.back().setResolution(stream.size);
  }
  return out;
}

}  // namespace

DataRate defaultMaxRate(Resolution size) {
  const int pixels = size.pixels();
  if (pixels <= 320 * 240) return DataRate::kbps(600);
  if (pixels <= 640 * 480) return DataRate::kbps(1700);
  if (pixels <= 960 * 540) return DataRate::kbps(2000);
  return DataRate::kbps(2500);
}

VideoSender::VideoSender(const Video& video, std::uint64_t draws, DataRate start)
    : video_(video),
      temporalLayers_(temporalLayersOf(video)),
      limits_(limitsOf(video)),
      sizes_(limits_.size()),
      allocator_(limits_),
      encoders_(encodersOf(video, limits_, temporalLayers_, draws)),
      adaptation_(video.captured(), video.frameRate, video.degradation) {
  // Pictures come before there is a connection, so this is over by the time of the first target.
  if (encoders_.size() == 1 && video.degradation != Degradation::maintainResolution) {
    reduceToStart(adaptation_, start);
    encoders_.front().setResolution(adaptation_.size());
  }
}

int VideoSender::frameRate() const {
  return std::min(adaptation_.frameRate().value_or(video_.frameRate), video_.frameRate);
}

void VideoSender::apply(TimePoint now) {
  applied_ = now;
  DataRate target = target_;
  if (everyDropped_ > 0) target -= scaled(target, 1.0 / everyDropped_);
  const DataRate total = std::min(target, mostRate());
  std::vector<StreamTarget> targets;
  std::vector<DataRate> rates;
  if (total > DataRate{}) rates = allocator_.allocate(total);
  rates.resize(encoders_.size());
  for (std::size_t i = 0; i < encoders_.size(); ++i) {
    targets.push_back({.rate = rates[i],
                       .least = limits_[i].least,
                       .layerShares = temporalRateShares(temporalLayers_),
                       .frameShares = temporalFrameShares(temporalLayers_)});
  }
  const std::vector<DataRate> told = adjuster_.adjust(targets, target, frameRate(), now);
  for (std::size_t i = 0; i < encoders_.size(); ++i) {
    encoders_[i].setRate(told[i], frameRate(), now);
  }
}

void VideoSender::setTarget(DataRate target, TimePoint now, double dropped) {
  target_ = target;
  everyDropped_ = 0;
  if (dropped > kLeastDropped && target > leastRate()) {
    everyDropped_ = std::max(kLeastEvery, static_cast<int>(std::lround(1 / dropped)));
  }
  apply(now);
}

void VideoSender::limitSizes(int sizes, TimePoint now) {
  sizes_ = std::min(limits_.size(), at(sizes));
  if (sizes_ > 0)
    allocator_ = SimulcastAllocator(
        {limits_.begin(), limits_.begin() + static_cast<std::ptrdiff_t>(sizes_)});
  apply(now);
}

void VideoSender::requestKeyFrame(int stream, TimePoint now) {
  // libvpx codes all sizes of a picture together, so all are key frames or none.
  if (video_.codec == Codec::vp8) {
    for (Encoder& encoder : encoders_) encoder.requestKeyFrame(now);
  } else {
    encoders_.at(at(stream)).requestKeyFrame(now);
  }
}

bool VideoSender::leftOut(TimePoint now) {
  if (everyDropped_ > 0 && ++kept_ >= everyDropped_) {
    kept_ = 0;
    if (scaler_) scaler_->onDropped();
    return true;
  }
  return adaptation_.frameRate() && !thinner_.keeps(now, frameRate());
}

void VideoSender::judge(TimePoint now) {
  const std::optional<Verdict> verdict = scaler_->check(now);
  if (!verdict) return;
  const bool changed = *verdict == Verdict::tooBad ? adaptation_.down() : adaptation_.up();
  if (!changed) return;
  encoders_.front().setResolution(adaptation_.size());
  apply(now);
}

std::vector<EncodedFrame> VideoSender::capture(TimePoint now) {
  if (target_ == DataRate{} || sizes_ == 0) return {};
  if (now - applied_ >= kToldEvery) apply(now);
  // Sizes of simulcast go on and off instead, and a size that is to be kept needs no judge.
  const bool scales =
      encoders_.size() == 1 && video_.degradation != Degradation::maintainResolution;
  if (scales && !scaler_) scaler_.emplace(qpScale(video_.codec), now);
  if (leftOut(now)) return {};
  std::vector<EncodedFrame> out;
  for (Encoder& encoder : encoders_) {
    const std::optional<EncodedFrame> frame = encoder.encode(now);
    if (frame) {
      adjuster_.onFrame(frame->stream, frame->temporalLayer, frame->size, now);
      if (scaler_) scaler_->onFrame(frame->qp, now);
      out.push_back(*frame);
    } else if (scaler_) {
      scaler_->onDropped();
    }
  }
  if (scaler_) judge(now);
  return out;
}

Duration VideoSender::interval() {
  return encoders_.front().interval();
}

std::vector<VideoPacket> VideoSender::packets(const EncodedFrame& frame) const {
  return packetize(frame.size, frame.key, packetization());
}

Packetization VideoSender::packetization() const {
  return {.codec = video_.codec,
          .layered = temporalLayers_ > 1,
          .extensions = video_.rtpExtensions,
          .fec = fecOf(video_.fec, video_.codec)};
}

DataRate VideoSender::leastRate() const {
  return sizes_ == 0 ? DataRate{} : limits_.front().least;
}

DataRate VideoSender::mostRate() const {
  if (sizes_ == 0) return {};
  const DataRate sum = allocator_.most();
  return video_.maxBitrate == DataRate{} ? sum : std::min(sum, video_.maxBitrate);
}

DataRate VideoSender::paddingRate() const {
  return sizes_ == 0 ? DataRate{} : std::min(allocator_.padding(), mostRate());
}

}  // namespace callflow::video
