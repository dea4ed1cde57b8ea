// Result directories: `<root>/<scenario>/<id>/`, written whole or not at all, and read back.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "src/results/result.h"

namespace callflow::results {

inline const std::filesystem::path kDefaultRoot = "results";

// <root>/<scenario>/<id>, with the scenario's name made fit for a path.
std::filesystem::path resultPath(const std::filesystem::path& root, std::string_view scenario,
                                 std::string_view id);

struct FoundResult {
  std::filesystem::path path;
  bool complete = false;     // false: interrupted, or some runs failed
  bool traced = false;       // holds frame traces
  std::size_t finished = 0;  // runs that came to their end
};

// The result of the same content, if it has been written. A directory without a readable manifest
// of this schema is not one.
std::optional<FoundResult> findResult(const std::filesystem::path& root, std::string_view scenario,
                                      std::string_view id);

// Writes the result and returns its directory; points the link `latest` beside it there. It is
// written into a hidden directory beside the target and renamed at the end, so that whoever looks
// sees the whole result or none; hidden directories that dead processes left are removed. A result
// already there is replaced by one with more finished runs, or as many and traces that it has not;
// with `force` by any that is complete. Throws ResultError (nothing is left behind then).
struct WriteOptions {
  std::filesystem::path root = kDefaultRoot;
  bool force = false;
};
std::filesystem::path writeResult(const Result& result, const Provenance& provenance,
                                  const WriteOptions& options = {});

// The finished runs of an incomplete result as they were simulated, so that what is made of them
// and of those yet to be run is what one run would have made. Throws ResultError; none where the
// result was written by another build.
std::vector<metrics::RunRecord> finishedRuns(const std::filesystem::path& directory);

// Reads a result directory (or a link to one). Throws ResultError, for another major schema version
// with both versions named.
Result loadResult(const std::filesystem::path& directory);

}  // namespace callflow::results
