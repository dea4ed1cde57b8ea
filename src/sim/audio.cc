#include "src/sim/audio.h"

#include "models/client/profile.h"
#include "models/fabric/random.h"
#include "models/media/audio_sender.h"
#include "models/media/audio_source.h"
#include "src/sim/draw_names.h"
#include "src/sim/seeds.h"

namespace callflow::sim {

namespace {

template <class Buffer>
Buffer adaptingBuffer(const media::Audio& audio) {
  Buffer result;
  result.frame = audio.frame;
  result.initial = audio.jitterBuffer.delay;
  result.minimum = audio.jitterBuffer.minimum;
  result.maximum = audio.jitterBuffer.maximum;
  return result;
}

}  // namespace

quality::Codec scoredAs(const media::Audio& audio) {
  switch (audio.codec) {
    case media::AudioCodec::opus:
      return quality::opusAt(audio.bitrate, audio.frame,
                             audio.rateControl == media::RateControl::cbr);
    case media::AudioCodec::pcmu:
    case media::AudioCodec::pcma:
      return quality::Codec::g711Plc;
    case media::AudioCodec::g722:
      return quality::Codec::g722;
  }
  return quality::Codec::opus;
}

receiver::MeterConfig meterConfig(const media::Audio& audio, client::Version profile,
                                  const receiver::MediaClocks& clocks, const std::string& draws) {
  receiver::MeterConfig config;
  config.codec = scoredAs(audio);
  config.bitrate = media::AudioSource(audio).bitrate();
  config.frame = audio.frame;
  config.clocks = clocks;
  switch (audio.jitterBuffer.kind) {
    case receiver::JitterBufferKind::neteq: {
      auto neteq = adaptingBuffer<receiver::NetEqBuffer>(audio);
      neteq.parameters = client::profile(profile).neteq;
      neteq.draws = fabric::streamNumber(draws);
      config.buffer = neteq;
      break;
    }
    case receiver::JitterBufferKind::adaptive:
      config.buffer = adaptingBuffer<receiver::AdaptiveBuffer>(audio);
      break;
    case receiver::JitterBufferKind::fixed:
      config.buffer = receiver::FixedBuffer{audio.frame, audio.jitterBuffer.delay};
      break;
  }
  return config;
}

std::int64_t speechStart(const std::string& call, const std::string& who, std::uint64_t seed,
                         int replication) {
  seedStreams(seed, replication);
  return media::drawnSpeechStart(fabric::streamNumber(DrawNames(call).sender(who)));
}

}  // namespace callflow::sim
