#include "models/video/share_sender.h"

#include <algorithm>
#include <cmath>

#include "models/video/codecs.h"

namespace callflow::video {
namespace {

constexpr DataRate kLeastMost = DataRate::kbps(1200);

// libwebrtc: frame_cadence_adapter.h (kZeroHertzIdleRepeatRatePeriod).
constexpr Duration kIdle = Duration::s(1);
constexpr Duration kKeyRequestsApart = Duration::ms(300);  // encoder.cc
constexpr Duration kLongestGap = Duration::s(1);           // encoder.cc

constexpr double kSmallestSlide = 0.3, kLargestSlide = 0.6;  // bits a pixel
constexpr int kFewestRefinements = 5, kMostRefinements = 10;
constexpr double kRefinement = 0.25;  // of the first frame

// Nothing changed: a header, and a tenth of a bit for each block of 16x16 that says so.
constexpr double kIdleHeader = 64, kIdlePixels = 2560;  // bits; pixels a bit

// libwebrtc: vp8_constants.h, libvpx_vp9_encoder.cc. A frame at this quantizer looks as well as it
// can; of the others: as far down their scale.
int steadyQp(const QpScale& scale) {
  return scale.worst * 15 / 106;
}

Video filmed(const Share& share) {
  Video video;
  video.codec = share.codec;
  video.width = share.width;
  video.height = share.height;
  video.frameRate = share.frameRate;
  video.maxBitrate =
      share.maxBitrate == DataRate{} ? defaultShareRate(share.captured()) : share.maxBitrate;
  video.content = Content::motion;
  video.degradation = Degradation::maintainResolution;
  video.rtpExtensions = share.rtpExtensions;
  return video;
}

}  // namespace

DataRate defaultShareRate(Resolution size) {
  return std::max(kLeastMost, defaultMaxRate(size));
}

ShareSender::ShareSender(const Share& share, std::uint64_t draws)
    : share_(share),
      random_("screen-slides", draws),
      buffer_(bufferSettings(share.codec)),
      scale_(qpScale(share.codec)) {
  if (share.content != Content::slides) moving_.emplace(filmed(share), draws);
}

void ShareSender::setTarget(DataRate target, TimePoint now) {
  if (moving_) return moving_->setTarget(target, now);
  if (target_ == DataRate{} && seen_) keyWanted_ = true;
  target_ = std::min(target, mostRate());
  if (target_ > DataRate{}) buffer_.setRate(target_, share_.frameRate);
}

void ShareSender::requestKeyFrame(TimePoint now) {
  if (moving_) return moving_->requestKeyFrame(0, now);
  if (keyRequested_ && now - *keyRequested_ < kKeyRequestsApart) return;
  keyRequested_ = now;
  keyWanted_ = true;
}

void ShareSender::change(TimePoint now) {
  const double pixels = share_.captured().pixels();
  const Resolution size = share_.captured();
  // What a codec saves of a head it saves of a slide.
  const double codec =
      static_cast<double>(goodRate(share_.codec, Content::talkingHead, size).count()) /
      static_cast<double>(goodRate(Codec::vp8, Content::talkingHead, size).count());
  const double spread = kLargestSlide - kSmallestSlide;
  firstBits_ = (kSmallestSlide + spread * random_.uniform()) * pixels * codec;
  const int choices = kMostRefinements - kFewestRefinements + 1;
  refinementsDrawn_ = kFewestRefinements + static_cast<int>(random_.uniform() * choices);
  refinements_ = refinementsDrawn_;
  fresh_ = true;
  nextSlide_ = now + random_.exponential(share_.slide);
}

double ShareSender::frameBits(bool key) {
  // A key frame shows all of the slide anew.
  if (key || fresh_) {
    fresh_ = false;
    refinements_ = refinementsDrawn_;
    return firstBits_;
  }
  if (refinements_ > 0) {
    --refinements_;
    return firstBits_ * kRefinement;
  }
  return kIdleHeader + share_.captured().pixels() / kIdlePixels;
}

int ShareSender::qp() const {
  const int steady = steadyQp(scale_);
  return steady + (scale_.worst - steady) * refinements_ / refinementsDrawn_;
}

std::vector<EncodedFrame> ShareSender::capture(TimePoint now) {
  if (moving_) return moving_->capture(now);
  if (target_ == DataRate{}) return {};
  if (!nextSlide_ || now >= *nextSlide_) change(now);
  buffer_.elapse(std::min(seen_ ? now - *seen_ : Duration{}, kLongestGap));
  seen_ = now;
  // While a large frame is repaid the slide stays as it is.
  if (!keyWanted_ && buffer_.level() < 0) return {};
  EncodedFrame frame;
  frame.captured = now;
  frame.key = keyWanted_;
  frame.resolution = share_.captured();
  const double bits = frameBits(keyWanted_);
  frame.size = DataSize::bytes(std::llround(bits / 8));
  frame.qp = qp();
  keyWanted_ = false;
  buffer_.spend(static_cast<double>(frame.size.count()) * 8);
  return {frame};
}

Duration ShareSender::interval() {
  if (moving_) return moving_->interval();
  const Duration fastest = Duration::fromSeconds(1.0 / share_.frameRate);
  if (!seen_ || !refined() || keyWanted_ || buffer_.level() < 0) return fastest;
  // A change is seen at the next tick of the source at most.
  const Duration toChange = std::max(fastest, *nextSlide_ - *seen_);
  return std::min(kIdle, toChange);
}

std::vector<VideoPacket> ShareSender::packets(const EncodedFrame& frame) const {
  return packetize(frame.size, frame.key, packetization());
}

Packetization ShareSender::packetization() const {
  return {.codec = share_.codec,
          .extensions = share_.rtpExtensions,
          .fec = fecOf(share_.fec, share_.codec)};
}

DataRate ShareSender::leastRate() const {
  return std::min(kLeastVideoRate, mostRate());
}

DataRate ShareSender::mostRate() const {
  return share_.maxBitrate == DataRate{} ? defaultShareRate(share_.captured()) : share_.maxBitrate;
}

}  // namespace callflow::video
