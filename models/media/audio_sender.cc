#include "models/media/audio_sender.h"

#include <algorithm>
#include <stdexcept>

#include "models/media/opus_sizes.h"

namespace callflow::media {
namespace {

constexpr DataSize kRedCopyHeader = DataSize::bytes(4);       // RFC 2198 3
constexpr DataSize kRedLastHeader = DataSize::bytes(1);       // RFC 2198 3
constexpr DataSize kLongestRedBlock = DataSize::bytes(1023);  // RFC 2198 3: a length of 10 bits
// libwebrtc modules/audio_coding/codecs/red/audio_encoder_copy_red.cc (kAudioMaxRtpPacketLen).
constexpr DataSize kLongestRedPayload = DataSize::bytes(1200);

constexpr DataSize kLargestFrame = DataSize::bytes(1275);  // RFC 6716 3.2.1, of up to 20 ms
constexpr Duration kLongestOneFrame = Duration::ms(20);
constexpr double kHalfSpread = 0.35;
constexpr double kSilentShare = 0.4;

constexpr Duration kHangoverTime = Duration::ms(200);
constexpr Duration kRefreshTime = Duration::ms(400);
constexpr DataSize kNoiseFrame = DataSize::bytes(1);  // RFC 6716 3.1: a table-of-contents byte

std::int64_t framesIn(Duration time, Duration frame) {
  return (time + frame - Duration::ns(1)) / frame;
}

}  // namespace

std::int64_t drawnSpeechStart(std::uint64_t draws) {
  fabric::RandomStream random("recorded-speech", draws);
  return static_cast<std::int64_t>(random.uniform() * static_cast<double>(recordedSpeech().size()));
}

AudioSender::AudioSender(const AudioSource& source, const SendMode& mode, std::uint64_t draws)
    : source_(source),
      mode_(mode),
      random_("opus-sizes", draws),
      draws_(draws),
      hangover_(framesIn(kHangoverTime, source.frame())),
      refresh_(framesIn(kRefreshTime, source.frame())) {
  if (source.codec() != AudioCodec::opus) mode_ = {};
  const auto mean = static_cast<double>(source.payloadSize().count());
  const std::int64_t frames = framesIn(source.frame(), kLongestOneFrame);
  const auto largest = static_cast<double>(kLargestFrame.count() * frames);
  // Even about the mean, so that the mean is kept where frames cannot grow.
  const double half = std::clamp(largest - mean, 0.0, kHalfSpread * mean);
  smallest_ = mean - half;
  spread_ = 2 * half;
  if (mode_.sizes != Sizes::libopus) return;
  recorded_ = recordedOpusSizes(source.bitrate());
  recordedWithFec_ = recordedOpusSizesWithFec(source.bitrate());
  if (recorded_.empty() || source.frame() != kLongestOneFrame ||
      mode_.rateControl != RateControl::vbr) {
    throw std::invalid_argument("AudioSender: no sizes were recorded of such frames");
  }
}

std::size_t AudioSender::place(std::int64_t frame) {
  const auto steps = static_cast<std::int64_t>(recordedSpeech().size());
  if (!start_) start_ = drawnSpeechStart(draws_);
  return static_cast<std::size_t>((*start_ + source_.frame() * frame / kLongestOneFrame) % steps);
}

bool AudioSender::betweenWords(std::int64_t frame) {
  if (mode_.content == Content::synthetic) return false;
  const std::span<const std::uint8_t> speech = recordedSpeech();
  const std::size_t first = place(frame);
  const auto steps = static_cast<std::size_t>(framesIn(source_.frame(), kLongestOneFrame));
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
                             : kSilentShare * static_cast<double>(source_.payloadSize().count());
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
    own = kNoiseFrame;
  } else {
    own = payload(speech, fec && !mode_.red);
    packet.marker = pausing_;
  }
  packet.quiet = !speech || betweenWords(frames_);
  const bool follows = !pausing_;
  if (mode_.red) {
    const DataSize mine = kRedLastHeader + own;
    const DataSize both = kRedCopyHeader + previous_ + mine;
    packet.carriesPrevious = follows && previous_ <= kLongestRedBlock && both <= kLongestRedPayload;
    own = packet.carriesPrevious ? both : mine;
    previous_ = mine - kRedLastHeader;
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
