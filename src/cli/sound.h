// What the listeners of a result heard, as sound files.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "src/metrics/run_record.h"
#include "src/results/result.h"
#include "src/topology/scenario.h"

namespace callflow::cli {

// What is said in the calls.
struct Speech {
  std::vector<float> samples;  // at 48 kHz
  // It is the speech that the simulation knows word by word: each participant begins it where the
  // simulation had them begin. Else it begins with the first frame that is scored.
  bool recorded = false;
};

struct SoundFile {
  std::string name;  // of the file, e.g. "relay-tcp-morning-alice-to-bob.opus"
  Duration length;
  Duration concealed;  // made up by the receiver: exactly what the metrics count
};

struct Sound {
  std::vector<SoundFile> files;     // by variant and stream
  std::vector<std::string> silent;  // why a stream has no file
};

// Renders the scored part of every stream of the first run of each variant that was traced, into
// `directory`, `parallel` files at a time. What is there is replaced when all is done. Throws
// std::runtime_error if a file cannot be written.
Sound writeSound(const topology::Scenario& scenario, const results::Result& result,
                 const Speech& speech, const std::filesystem::path& directory,
                 std::size_t parallel);

}  // namespace callflow::cli
