// Sizes of real Opus frames: libopus on speech, recorded once (bench/opus_sizes.cc), so that no
// codec is needed to simulate.
#pragma once

#include <cstdint>
#include <span>

#include "src/units/units.h"

namespace callflow::media {

// Bytes of frames of 20 ms, in order, of some 15 s of speech at variable rate. Recorded are
// kRecordedRates; none at other rates.
std::span<const std::uint16_t> recordedOpusSizes(DataRate bitrate);

}  // namespace callflow::media
