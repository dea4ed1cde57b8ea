// The files of one run: what a record looks like on disk.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "src/metrics/run_record.h"
#include "src/results/directory.h"

namespace callflow::results {

using FileTexts = std::vector<std::pair<std::string, std::string>>;  // name, content

// run.json (what is not a table), streams.csv, timeseries.csv, budget.csv, histogram.csv, and those
// of trace_files.h. Values in the unit in the column's header.
FileTexts runFiles(const metrics::RunRecord& record);

// Throws ResultError. Columns and fields that are not known are ignored.
metrics::RunRecord readRunFiles(DirectoryReader& reader, const std::string& directory);
// The same from texts at hand; `directory` is for messages.
metrics::RunRecord readRunTexts(const FileTexts& files, const std::filesystem::path& directory);

// "direct", "relay" ... of an enumeration as written to files.
std::string_view name(metrics::FrameFate fate);

// The header of a metric's column: "audio.mos[MOS]".
std::string columnName(const metrics::Metric& metric);

}  // namespace callflow::results
