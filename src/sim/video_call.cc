#include "src/sim/video_call.h"

#include <utility>

#include "models/client/rate_controller.h"
#include "models/fabric/random.h"
#include "models/media/wire.h"

namespace callflow::sim {

DataRate audioRate(const media::Audio& audio) {
  const DataSize headers =
      wire::kIpv4Header + wire::kUdpHeader + media::srtpSize({}, audio.rtpExtensions);
  const DataRate codec =
      audio.codec == media::AudioCodec::opus ? audio.bitrate : media::kTelephoneRate;
  return codec + rateOf(headers, audio.frame);
}

std::unique_ptr<rtp::Session> makeSession(path::Transit& transit, const topology::Call& call,
                                          const DrawNames& draws, const std::string& from,
                                          const std::string& to, DataRate audio) {
  rtp::Session::Setup setup;
  setup.controller = client::makeController(call.congestion, call.profile);
  setup.draws = transit.fabric().flowNumber(draws.video(from, to));
  setup.controlDraws = transit.fabric().flowNumber(draws.feedback(from, to));
  setup.random = fabric::streamNumber(draws.feedback(from, to));
  setup.audio = audio;
  return std::make_unique<rtp::Session>(transit, std::move(setup));
}

}  // namespace callflow::sim
