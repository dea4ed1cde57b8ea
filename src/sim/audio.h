// How a call's sound is played and scored, and where in the recorded speech it was.
#pragma once

#include <cstdint>
#include <string>

#include "models/client/parameters.h"
#include "models/media/parameters.h"
#include "models/quality/codec.h"
#include "models/receiver/stream_meter.h"

namespace callflow::sim {

// The codec, and so the scale.
quality::Codec scoredAs(const media::Audio& audio);

// The receiver of a stream, whose random draws are called `draws`.
receiver::MeterConfig meterConfig(const media::Audio& audio, client::Version profile,
                                  const receiver::MediaClocks& clocks, const std::string& draws);

// Where in media::recordedSpeech() the first frame was that a participant sent in such a run, in
// steps of 20 ms: drawn once more, by the same name. Ends what a simulation draws: not during one.
std::int64_t speechStart(const std::string& call, const std::string& who, std::uint64_t seed,
                         int replication);

}  // namespace callflow::sim
