// The files of a traced run: what became of every frame, of every transmission of it, and what the
// listener heard.
#pragma once

#include <array>
#include <string_view>

#include "src/results/run_files.h"
#include "src/results/stream_rows.h"

namespace callflow::results {

// trace.csv, crossings.csv and playout.csv; none of a run that was not traced.
inline constexpr std::array<std::string_view, 3> kTraceFileNames = {"trace.csv", "crossings.csv",
                                                                    "playout.csv"};

void writeTraces(const metrics::RunRecord& run, FileTexts& files);
// Those that are there.
void readTraces(const Texts& texts, metrics::RunRecord& run);

}  // namespace callflow::results
