// Times as tools write them into tables.
#pragma once

#include <optional>
#include <string_view>

#include "src/units/units.h"

namespace callflow::measurement {

// "17:03:05.25", or a day before it: "2026-11-27T17:03:05Z", "27.11.2026 17:03:05", "11/27/2026
// 5:03:05 PM". Only differences count, so an offset from UTC may stand behind it and is not read.
// Years may have two digits. Of two numbers below 13 with slashes the first is the month, as in the
// United States.
std::optional<Duration> clockTime(std::string_view text);

}  // namespace callflow::measurement
