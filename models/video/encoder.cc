#include "models/video/encoder.h"

#include <algorithm>
#include <cmath>

namespace callflow::video {
namespace {

// libwebrtc: encoder_rtcp_feedback.cc (kMinKeyframeSendIntervalMs).
constexpr Duration kKeyRequestsApart = Duration::ms(300);

// libwebrtc: libvpx_vp8_encoder.cc (MaxIntraTarget). A key frame may take half the optimal buffer
// of 600 ms, and three frames' share at least. VP9 the same.
constexpr double kKeySeconds = 0.3;
constexpr double kLeastKeyFrames = 3;

// The largest share of the time at the rate that frames may be apart from each other: beyond, the
// buffer is full anyway.
constexpr Duration kLongestGap = Duration::s(1);

constexpr double kSmallestFrame = 16 * 8;  // bits: headers and no picture

bool capsKeyFrames(Codec codec) {
  return codec == Codec::vp8 || codec == Codec::vp9;
}

}  // namespace

Encoder::Encoder(const EncoderSettings& settings, std::uint64_t draws)
    : settings_(settings),
      picture_(settings.codec, settings.content, settings.captured),
      buffer_(bufferSettings(settings.codec)),
      noise_(draws),
      statistical_(draws),
      size_(settings.captured) {}

void Encoder::setRate(DataRate rate, double framesPerSecond, TimePoint now) {
  if (rate_ == DataRate{} && coded_) keyWanted_ = true;
  rate_ = rate;
  framesPerSecond_ = framesPerSecond;
  if (rate == DataRate{}) return;
  buffer_.setRate(rate, framesPerSecond);
  dropper_.setRate(rate);
  statistical_.setRate(rate, now);
}

void Encoder::setResolution(Resolution size) {
  if (size == size_) return;
  size_ = size;
  keyWanted_ = true;
}

void Encoder::requestKeyFrame(TimePoint now) {
  if (keyRequested_ && now - *keyRequested_ < kKeyRequestsApart) return;
  keyRequested_ = now;
  keyWanted_ = true;
}

double Encoder::use() const {
  const DataRate most = picture_.saturatedRate(size_, framesPerSecond_);
  return static_cast<double>(rate_.count()) / static_cast<double>(most.count());
}

// libwebrtc: simulcast_rate_allocator.cc. Layers share the rate 60 to 40, or 40 to 20 to 40; of the
// frames of three layers a quarter each is in the lower two.
int Encoder::nextLayer() {
  static constexpr int kThree[] = {0, 2, 1, 2};
  const std::int64_t place = inPattern_++;
  if (settings_.temporalLayers == 2) return static_cast<int>(place % 2);
  return settings_.temporalLayers >= 3 ? kThree[place % 4] : 0;
}

double Encoder::layerShare(int layer) const {
  if (settings_.temporalLayers == 2) return layer == 0 ? 1.2 : 0.8;
  if (settings_.temporalLayers >= 3) return layer == 0 ? 1.6 : 0.8;
  return 1;
}

double Encoder::reached(double target, Duration gap) const {
  // The traces of codecs.cc come closest to their limit by this curve.
  const double most = picture_.saturatedBits(size_, gap);
  return std::max(most * std::tanh(target / most),
                  picture_.bitsAt(picture_.scale().worst, size_, gap));
}

Encoder::Coded Encoder::keyFrame() {
  const Duration gap = Duration::fromSeconds(1 / framesPerSecond_);
  const double share = static_cast<double>(rate_.count()) / framesPerSecond_;
  const double natural = picture_.keyBits(size_, use());
  double bits = natural;
  if (capsKeyFrames(settings_.codec)) {
    bits = std::min(bits, std::max(kLeastKeyFrames, kKeySeconds * framesPerSecond_) * share);
  }
  bits = std::max(bits, picture_.leastKeyBits(size_));
  // It looks as the others do, or worse by what it was cut.
  const int usual = picture_.qpOf(reached(share, gap), size_, gap);
  return {bits, picture_.worseQp(usual, natural / bits, size_)};
}

Encoder::Coded Encoder::deltaFrame(Duration gap, int layer) {
  const double bits = reached(buffer_.target() * layerShare(layer), gap);
  return {bits, picture_.qpOf(bits, size_, gap)};
}

bool Encoder::droppedByRateControl(TimePoint captured) {
  const Duration gap = seen_ ? captured - *seen_ : Duration::fromSeconds(1 / framesPerSecond_);
  seen_ = captured;
  buffer_.elapse(std::min(gap, kLongestGap));
  if (settings_.frameSizes != FrameSizes::encoder) return false;
  // libwebrtc's dropper stands before encoders whose rate it does not trust.
  if (settings_.codec == Codec::h264 && dropper_.drops(framesPerSecond_)) return true;
  return !keyWanted_ && buffer_.drops();
}

std::optional<EncodedFrame> Encoder::encode(TimePoint captured) {
  if (rate_ == DataRate{}) return std::nullopt;
  if (droppedByRateControl(captured)) {
    ++dropped_;
    return std::nullopt;
  }
  const Duration usual = Duration::fromSeconds(1 / framesPerSecond_);
  const Duration gap =
      std::clamp(coded_ ? captured - *coded_ : usual, Duration::ms(1), kLongestGap);
  EncodedFrame frame;
  frame.captured = captured;
  frame.key = keyWanted_;
  frame.resolution = size_;
  frame.stream = settings_.stream;
  if (keyWanted_) inPattern_ = 0;
  frame.temporalLayer = nextLayer();
  Coded coded = keyWanted_ ? keyFrame() : deltaFrame(gap, frame.temporalLayer);
  if (settings_.frameSizes == FrameSizes::rfc8593) {
    frame.size = statistical_.next(captured, framesPerSecond_, keyWanted_);
    coded.bits = static_cast<double>(frame.size.count()) * 8;
    frame.qp = keyWanted_ ? coded.qp : picture_.qpOf(coded.bits, size_, gap);
  } else {
    frame.qp = coded.qp;
    if (!keyWanted_) coded.bits *= noise_.next(use());
    frame.size = DataSize::bytes(std::llround(std::max(coded.bits, kSmallestFrame) / 8));
    dropper_.onFrame(frame.size, keyWanted_);
  }
  buffer_.spend(static_cast<double>(frame.size.count()) * 8);
  keyWanted_ = false;
  coded_ = captured;
  return frame;
}

Duration Encoder::interval() {
  if (settings_.frameSizes == FrameSizes::rfc8593) return statistical_.interval(framesPerSecond_);
  return Duration::fromSeconds(1 / framesPerSecond_);
}

}  // namespace callflow::video
