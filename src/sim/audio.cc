#include "src/sim/audio.h"

namespace callflow::sim {

namespace {

constexpr bool same(topology::AudioCodec a, media::AudioCodec b) {
  return static_cast<int>(a) == static_cast<int>(b);
}
static_assert(same(topology::AudioCodec::opus, media::AudioCodec::opus) &&
              same(topology::AudioCodec::pcmu, media::AudioCodec::pcmu) &&
              same(topology::AudioCodec::pcma, media::AudioCodec::pcma) &&
              same(topology::AudioCodec::g722, media::AudioCodec::g722));

}  // namespace

media::AudioFormat audioFormat(const topology::Audio& audio) {
  return {static_cast<media::AudioCodec>(audio.codec), audio.bitrate, audio.frame,
          audio.rtp_extensions};
}

media::SendMode sendMode(const topology::Audio& audio) {
  return {.variableRate = audio.rate_control == topology::RateControl::vbr,
          .dtx = audio.dtx,
          .recordedSizes = audio.sizes == topology::Sizes::libopus,
          .red = audio.red};
}

quality::Codec scoredAs(const topology::Audio& audio) {
  switch (audio.codec) {
    case topology::AudioCodec::opus:
      return quality::opusAt(audio.bitrate, audio.frame,
                             audio.rate_control == topology::RateControl::cbr);
    case topology::AudioCodec::pcmu:
    case topology::AudioCodec::pcma:
      return quality::Codec::g711_plc;
    case topology::AudioCodec::g722:
      return quality::Codec::g722;
  }
  return quality::Codec::opus;
}

std::string codecName(const topology::Audio& audio) {
  switch (audio.codec) {
    case topology::AudioCodec::opus:
      return "opus";
    case topology::AudioCodec::pcmu:
      return "pcmu";
    case topology::AudioCodec::pcma:
      return "pcma";
    case topology::AudioCodec::g722:
      return "g722";
  }
  return {};
}

}  // namespace callflow::sim
