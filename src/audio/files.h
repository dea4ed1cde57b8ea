// Sound from and to files.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace callflow::audio {

// Any format that libsndfile knows, any rate: mixed to mono, resampled to 48 kHz. Throws
// std::runtime_error, with the reason, if the file cannot be read or holds no sound.
std::vector<float> readSpeech(const std::filesystem::path& file);
// The same of a file in memory.
std::vector<float> speechIn(std::span<const std::byte> file);
// Three sentences, some 15 s, as espeak-ng spoke them when callflow was built.
std::vector<float> builtInSpeech();

// Mono, 48 kHz, as Ogg Opus of 96 kbit/s: enough that what is heard is the call's coding, not the
// file's. The same sound gives the same bytes with the same libopus: the serial number of the
// stream is fixed. The bytes of the file; throws std::runtime_error if libopusenc fails.
std::string oggOpus(std::span<const float> sound);

}  // namespace callflow::audio
