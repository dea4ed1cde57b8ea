// How a call's sound is played and scored.
#pragma once

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

}  // namespace callflow::sim
