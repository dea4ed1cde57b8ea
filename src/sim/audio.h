// A call's sound: from what the user wrote to the models' words.
#pragma once

#include <string>

#include "models/media/audio_sender.h"
#include "models/media/audio_source.h"
#include "models/quality/codec.h"
#include "src/topology/scenario.h"

namespace callflow::sim {

media::AudioFormat audioFormat(const topology::Audio& audio);

media::SendMode sendMode(const topology::Audio& audio);

// The codec that the stream is scored as, and so its scale.
quality::Codec scoredAs(const topology::Audio& audio);

// As the user writes it: "opus", "pcmu".
std::string codecName(const topology::Audio& audio);

}  // namespace callflow::sim
