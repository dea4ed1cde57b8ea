#include "src/sim/audio.h"

namespace callflow::sim {

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

}  // namespace callflow::sim
