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
// The same with in-band FEC in force, which takes a part of each packet; where libopus never finds
// the rate worth it (client::fecPays()), those without.
std::span<const std::uint16_t> recordedOpusSizesWithFec(DataRate bitrate);

// Of each of these frames, whether the next packet carries it once more where in-band FEC is in
// force: libopus' SILK does so where its voice activity is above 0.3 (tuning_parameters.h,
// LBRR_SPEECH_ACTIVITY_THRES), not between words.
std::span<const std::uint8_t> recordedSpeech();

}  // namespace callflow::media
