// The table of a tool that assesses a network, such as Microsoft Teams' one: a row every few
// seconds, with columns of time, loss and latency.
#pragma once

#include <string_view>

#include "src/measurement/measurement.h"

namespace callflow::measurement {

// Whether the first line is that of a table.
bool isTable(std::string_view text);

// Columns are known by their names in the first line, whatever their case, order and units. Of a
// latency half is the delay, unless its name says delay or one-way. Loss is in percent, unless its
// name says ratio or fraction. Rows without a column of time are `step` apart.
Result<Measurement> readAssessment(std::string_view text, Duration step);

// Whether its rows have times of their own.
bool hasTimes(std::string_view text);

}  // namespace callflow::measurement
