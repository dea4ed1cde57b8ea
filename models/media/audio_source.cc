#include "models/media/audio_source.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace callflow::media {
namespace {

constexpr DataRate lowestRate = DataRate::kbps(6);  // RFC 6716 2.1.1
// RFC 6716 2.1.1; just the 1275 bytes in 20 ms that are the most a frame can hold (3.2.1).
constexpr DataRate highestRate = DataRate::kbps(510);
constexpr std::array frames{Duration::us(2500), Duration::ms(5),  Duration::ms(10),
                            Duration::ms(20),   Duration::ms(40), Duration::ms(60)};
constexpr std::int64_t clockRate = 48'000;                   // RFC 7587 4.1
constexpr DataSize redCopyHeader = DataSize::bytes(4);       // RFC 2198 3
constexpr DataSize redLastHeader = DataSize::bytes(1);       // RFC 2198 3
constexpr DataSize longestRedBlock = DataSize::bytes(1023);  // RFC 2198 3: a length of 10 bits
// libwebrtc modules/audio_coding/codecs/red/audio_encoder_copy_red.cc (kAudioMaxRtpPacketLen).
constexpr DataSize longestRedPayload = DataSize::bytes(1200);

DataSize frameSize(DataRate bitrate, Duration frame) {
  const std::int64_t bitNs = bitrate.count() * frame.count();  // 3e13 at most
  return DataSize::bytes((bitNs + 4'000'000'000) / 8'000'000'000);
}

}  // namespace

AudioSource::AudioSource(DataRate bitrate, Duration frame, DataSize rtpExtensions)
    : bitrate_(bitrate), frame_(frame), rtpExtensions_(rtpExtensions) {
  if (bitrate < lowestRate || bitrate > highestRate) {
    throw std::invalid_argument("AudioSource: the bit rate must be 6 to 510 kbit/s");
  }
  if (std::find(frames.begin(), frames.end(), frame) == frames.end()) {
    throw std::invalid_argument("AudioSource: the frame must be 2.5, 5, 10, 20, 40 or 60 ms");
  }
  payload_ = frameSize(bitrate, frame);
}

bool AudioSource::redundant() const {
  return payload_ <= longestRedBlock &&
         redCopyHeader + payload_ + redLastHeader + payload_ <= longestRedPayload;
}

DataSize AudioSource::redPacketSize(bool withCopy) const {
  const DataSize own = redLastHeader + payload_;
  return srtpSize(withCopy ? redCopyHeader + payload_ + own : own, rtpExtensions_);
}

std::int64_t AudioSource::packetsIn(Duration duration) const {
  if (duration <= Duration{}) return 0;
  return (duration + frame_ - Duration::ns(1)) / frame_;
}

std::uint32_t AudioSource::timestampOffset(std::int64_t k) const {
  // Exact: every frame is a multiple of 2.5 ms, 120 ticks.
  const std::int64_t step = frame_ / Duration::us(2500) * (clockRate / 400);
  return static_cast<std::uint32_t>(k * step);
}

}  // namespace callflow::media
