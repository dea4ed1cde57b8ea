#include "models/media/audio_source.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace callflow::media {
namespace {

constexpr DataRate kLowestRate = DataRate::kbps(6);  // RFC 6716 2.1.1
// RFC 6716 2.1.1; just the 1275 bytes in 20 ms that are the most a frame can hold (3.2.1).
constexpr DataRate kHighestRate = DataRate::kbps(510);
constexpr std::array kOpusShortTimes{Duration::us(2500), Duration::ms(5)};  // RFC 6716 2.1.4
constexpr std::int64_t kOpusClock = 48'000;                                 // RFC 7587 4.1
constexpr std::int64_t kTelephoneClock = 8'000;  // RFC 3551 4.5.2, 4.5.14

DataSize frameSize(DataRate bitrate, Duration frame) {
  const std::int64_t bitNs = bitrate.count() * frame.count();  // 7e13 at most
  return DataSize::bytes((bitNs + 4'000'000'000) / 8'000'000'000);
}

bool contains(std::span<const Duration> times, Duration time) {
  return std::find(times.begin(), times.end(), time) != times.end();
}

}  // namespace

AudioSource::AudioSource(const AudioFormat& format) : format_(format) {
  const bool opus = format.codec == AudioCodec::opus;
  if (!opus) format_.bitrate = kTelephoneRate;
  if (opus && (format.bitrate < kLowestRate || format.bitrate > kHighestRate)) {
    throw std::invalid_argument("AudioSource: the bit rate must be 6 to 510 kbit/s");
  }
  const auto times = packetTimes(format.codec);
  if (!contains(times, format.frame) && !(opus && contains(kOpusShortTimes, format.frame))) {
    throw std::invalid_argument("AudioSource: the codec has no packets of this length");
  }
  payload_ = frameSize(format_.bitrate, format.frame);
}

AudioSource::AudioSource(DataRate bitrate, Duration frame, DataSize rtpExtensions)
    : AudioSource(AudioFormat{AudioCodec::opus, bitrate, frame, rtpExtensions}) {}

std::int64_t AudioSource::packetsIn(Duration duration) const {
  if (duration <= Duration{}) return 0;
  return (duration + format_.frame - Duration::ns(1)) / format_.frame;
}

std::int64_t AudioSource::clockRate() const {
  return format_.codec == AudioCodec::opus ? kOpusClock : kTelephoneClock;
}

std::uint32_t AudioSource::timestampOffset(std::int64_t k) const {
  // Exact: every frame is a multiple of 2.5 ms, 120 ticks of Opus' clock, 20 of the others'.
  const std::int64_t step = format_.frame / Duration::us(2500) * (clockRate() / 400);
  return static_cast<std::uint32_t>(k * step);
}

}  // namespace callflow::media
