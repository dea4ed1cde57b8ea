#include "models/video/rate_buffer.h"

#include <algorithm>

namespace callflow::video {
namespace {

// libwebrtc sets libvpx' mark at 30 % of the optimal level; libvpx' own shares of it follow.
constexpr double kDropMark = 0.30;
constexpr double kSomeDropped = kDropMark * 2 / 3;
constexpr double kMoreDropped = kDropMark / 4;
constexpr double kMostDropped = kDropMark / 8;

constexpr double kLeastShare = 0.25;  // of a frame's share, libvpx

}  // namespace

// libwebrtc: libvpx_vp8_encoder.cc, libvpx_vp9_encoder.cc and libaom_av1_encoder.cc set these.
// OpenH264 has another control; ours: it repays a large frame as libvpx does.
BufferSettings bufferSettings(Codec codec) {
  const bool av1 = codec == Codec::av1;
  return {.initial = Duration::ms(av1 ? 600 : 500),
          .optimal = Duration::ms(600),
          .size = Duration::ms(1000),
          .undershoot = av1 ? 0.5 : 1.0,
          .overshoot = av1 ? 0.5 : 0.15,
          .drops = codec != Codec::h264};
}

RateBuffer::RateBuffer(const BufferSettings& settings) : settings_(settings) {}

void RateBuffer::setRate(DataRate rate, double framesPerSecond) {
  rate_ = static_cast<double>(rate.count());
  perFrame_ = rate_ / framesPerSecond;
  if (!started_) level_ = bitsIn(settings_.initial);
  started_ = true;
  level_ = std::min(level_, bitsIn(settings_.size));
}

void RateBuffer::elapse(Duration time) {
  level_ = std::min(level_ + bitsIn(time), bitsIn(settings_.size));
}

void RateBuffer::decimate() {
  const double optimal = bitsIn(settings_.optimal);
  if (level_ > kDropMark * optimal && decimation_ > 0) --decimation_;
  if (level_ > kSomeDropped * optimal) {
    decimation_ = std::min(decimation_, 1);
  } else if (level_ < kMostDropped * optimal && decimation_ >= 2) {
    decimation_ = 3;
  } else if (level_ < kMoreDropped * optimal && decimation_ >= 1 && decimation_ <= 2) {
    decimation_ = 2;
  } else if (decimation_ <= 1) {
    decimation_ = 1;
  }
}

bool RateBuffer::drops() {
  if (!settings_.drops) return false;
  decimate();
  if (decimation_ == 0) {
    dropping_ = 0;
  } else if (dropping_ > 0) {
    --dropping_;
    return true;
  } else {
    dropping_ = decimation_;
  }
  return level_ < 0;
}

double RateBuffer::target() const {
  const double optimal = bitsIn(settings_.optimal);
  double share = 1;
  if (optimal > 0) {
    const double away = (level_ - optimal) / optimal;
    share += std::clamp(away, -settings_.undershoot, settings_.overshoot) / 2;
  }
  // While every other frame or more is dropped the rest get more, but not all that it saves.
  if (decimation_ == 1) share *= 1.5;
  if (decimation_ >= 2) share *= 1.25;
  return perFrame_ * std::max(share, kLeastShare);
}

void RateBuffer::spend(double bits) {
  level_ -= bits;
}

}  // namespace callflow::video
