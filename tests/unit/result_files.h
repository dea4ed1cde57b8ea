// What the tests of results share: directories, files, and a result small enough to check by hand.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "src/results/result.h"

namespace callflow::test {

// An empty place below the test's directory.
std::filesystem::path freshRoot(const std::string& name);

std::string textOf(const std::filesystem::path& file);

// Of every file but the manifest, by its path below the directory.
std::vector<std::pair<std::string, std::string>> filesOf(const std::filesystem::path& directory);

std::vector<std::string> namesIn(const std::filesystem::path& directory);

// Two runs of one call of two streams: MOS 3.0 and 4.0 over the call, windows 2, 3, 4 and 3, 4, 5
// (scaled by nothing); 10 and 20 packets lost one way, 1 the other; longest interruption 0.1 and
// 0.2 s.
results::Result twoRuns();

}  // namespace callflow::test
