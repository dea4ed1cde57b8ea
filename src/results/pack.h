// A run's record as bytes, to hand it from the process that simulated it to the one that writes it.
// Exact, and only for the same program at both ends: nothing of it goes to a file.
#pragma once

#include <string>
#include <string_view>

#include "src/metrics/run_record.h"

namespace callflow::results {

std::string pack(const metrics::RunRecord& record);
// Throws ResultError if the bytes are cut short or no record.
metrics::RunRecord unpack(std::string_view bytes);

}  // namespace callflow::results
