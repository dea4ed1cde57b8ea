// How numbers are written to files: decimal point, no locale, the same text for the same value
// always.
#pragma once

#include <limits>
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

// The same, of many numbers: often one comes several times in a row.
class NumberText {
 public:
  // Good until the next one.
  std::string_view of(double value) {
    if (value == value_) return text_;
    text_.clear();
    appendNumber(text_, value);
    value_ = value;
    return text_;
  }

 private:
  double value_ = std::numeric_limits<double>::quiet_NaN();
  std::string text_;
};

// Exact, in milliseconds: "20.000125"; empty for TimePoint::max().
std::string millisecondsText(Duration value);
std::string millisecondsText(TimePoint value);

// The whole text must be a number; NaN for the empty text.
std::optional<double> numberFrom(std::string_view text);
std::optional<long long> integerFrom(std::string_view text);
// Milliseconds with at most six decimals.
std::optional<Duration> millisecondsFrom(std::string_view text);

}  // namespace callflow::results
