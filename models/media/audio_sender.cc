#include "models/media/audio_sender.h"

#include <algorithm>
#include <stdexcept>

#include "models/media/opus_sizes.h"

namespace callflow::media {
namespace {

constexpr DataSize redCopyHeader = DataSize::bytes(4);       // RFC 2198 3
constexpr DataSize redLastHeader = DataSize::bytes(1);       // RFC 2198 3
constexpr DataSize longestRedBlock = DataSize::bytes(1023);  // RFC 2198 3: a length of 10 bits
// libwebrtc modules/audio_coding/codecs/red/audio_encoder_copy_red.cc (kAudioMaxRtpPacketLen).
constexpr DataSize longestRedPayload = DataSize::bytes(1200);

constexpr DataSize largestFrame = DataSize::bytes(1275);  // RFC 6716 3.2.1, of up to 20 ms
constexpr Duration longestOneFrame = Duration::ms(20);
constexpr double halfSpread = 0.35;
constexpr double silentShare = 0.4;

constexpr Duration hangoverTime = Duration::ms(200);
constexpr Duration refreshTime = Duration::ms(400);
constexpr DataSize noiseFrame = DataSize::bytes(1);  // RFC 6716 3.1: a table-of-contents byte

std::int64_t framesIn(Duration time, Duration frame) {
  return (time + frame - Duration::ns(1)) / frame;
}

}  // namespace

AudioSender::AudioSender(const AudioSource& source, const SendMode& mode, std::uint64_t draws)
    : source_(source),
      mode_(mode),
      random_("opus-sizes", draws),
      draws_(draws),
      hangover_(framesIn(hangoverTime, source.frame())),
      refresh_(framesIn(refreshTime, source.frame())) {
  if (source.codec() != AudioCodec::opus) mode_ = {};
  const auto mean = static_cast<double>(source.payloadSize().count());
  const std::int64_t frames = framesIn(source.frame(), longestOneFrame);
  const auto largest = static_cast<double>(largestFrame.count() * frames);
  // Even about the mean, so that the mean is kept where frames cannot grow.
  const double half = std::clamp(largest - mean, 0.0, halfSpread * mean);
  smallest_ = mean - half;
  spread_ = 2 * half;
  if (mode_.sizes != Sizes::libopus) return;
  recorded_ = recordedOpusSizes(source.bitrate());
  recordedWithFec_ = recordedOpusSizesWithFec(source.bitrate());
  if (recorded_.empty() || source.frame() != longestOneFrame ||
      mode_.rateControl != RateControl::vbr) {
    throw std::invalid_argument("AudioSender: no sizes were recorded of such frames");
  }
}

std::size_t AudioSender::place(std::int64_t frame) {
  const auto steps = static_cast<std::int64_t>(recordedSpeech().size());
  if (!start_) {
    fabric::RandomStream random("recorded-speech", draws_);
    start_ = static_cast<std::int64_t>(random.uniform() * static_cast<double>(steps));
  }
  return static_cast<std::size_t>((*start_ + source_.frame() * frame / longestOneFrame) % steps);
}

bool AudioSender::betweenWords(std::int64_t frame) {
  if (mode_.content == Content::synthetic) return false;
  const std::span<const std::uint8_t> speech = recordedSpeech();
  const std::size_t first = place(frame);
  const auto steps = static_cast<std::size_t>(framesIn(source_.frame(), longestOneFrame));
  for (std::size_t i = 0; i < steps; ++i) {
    if (speech[(first + i) % speech.size()] != 0) return false;
  }
  return true;
}

DataSize AudioSender::payload(bool speech, bool fec) {
  if (mode_.rateControl != RateControl::vbr) return source_.payloadSize();
  if (speech && !recorded_.empty()) {
    return DataSize::bytes((fec ? recordedWithFec_ : recorded_)[place(frames_)]);
  }
  const double size = speech ? smallest_ + spread_ * random_.uniform()
                             : silentShare * static_cast<double>(source_.payloadSize().count());
  return DataSize::bytes(std::max<std::int64_t>(2, static_cast<std::int64_t>(size + 0.5)));
}

std::optional<AudioPacket> AudioSender::next(bool speech, bool fec) {
  silent_ = speech ? 0 : silent_ + 1;
  AudioPacket packet;
  DataSize own;
  if (mode_.dtx && silent_ > hangover_) {
    if ((silent_ - hangover_ - 1) % refresh_ != 0) {
      pausing_ = true;
      ++frames_;
      return std::nullopt;
    }
    packet.comfortNoise = true;
    own = noiseFrame;
  } else {
    own = payload(speech, fec && !mode_.red);
    packet.marker = pausing_;
  }
  packet.quiet = !speech || betweenWords(frames_);
  const bool follows = !pausing_;
  if (mode_.red) {
    const DataSize mine = redLastHeader + own;
    const DataSize both = redCopyHeader + previous_ + mine;
    packet.carriesPrevious = follows && previous_ <= longestRedBlock && both <= longestRedPayload;
    own = packet.carriesPrevious ? both : mine;
    previous_ = mine - redLastHeader;
  } else {
    packet.carriesPrevious = follows && fec && !packet.comfortNoise && !previousQuiet_;
  }
  packet.size = source_.packetSize(own);
  pausing_ = packet.comfortNoise;
  previousQuiet_ = packet.quiet;
  ++frames_;
  return packet;
}

}  // namespace callflow::media
