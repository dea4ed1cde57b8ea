// What a call's sound is scored as.
#pragma once

#include "models/media/parameters.h"
#include "models/quality/codec.h"

namespace callflow::sim {

// The codec, and so the scale.
quality::Codec scoredAs(const media::Audio& audio);

}  // namespace callflow::sim
