// How numbers are written to files: decimal point, no locale, the same text for the same value
// always.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/units/units.h"

namespace callflow::results {

// At most 12 significant digits, no trailing zeros; empty for NaN. Twelve, because the digits
// beyond are rounding noise of the last operations ("7.000000000000001") and differ between
// compilers.
std::string numberText(double value);
void appendNumber(std::string& out, double value);
// Exact, in milliseconds: "20.000125"; empty for TimePoint::max().
std::string millisecondsText(Duration value);
std::string millisecondsText(TimePoint value);

// The whole text must be a number; NaN for the empty text.
std::optional<double> numberFrom(std::string_view text);
std::optional<long long> integerFrom(std::string_view text);
// Milliseconds with at most six decimals.
std::optional<Duration> millisecondsFrom(std::string_view text);

}  // namespace callflow::results
