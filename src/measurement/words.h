// Lines, words and numbers of a text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/units/units.h"

namespace callflow::measurement {

std::string_view stripped(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char at);  // each part stripped
std::string lowered(std::string_view text);                           // of ASCII
// In which column of its line of `text` a part of it begins, from 1.
int columnIn(std::string_view text, std::string_view part);
// A piece of the user's text for a message, in quotes and not long.
std::string quoted(std::string_view text);

// The digits at the beginning as a number; nothing if there are none, or more than 18.
std::optional<std::int64_t> wholeNumber(std::string_view text);
// "12.3" of a unit, to the nanosecond; digits and one point. Nothing if the text is anything else.
std::optional<Duration> decimal(std::string_view text, Duration unit);
// The longest beginning of a text that decimal() may read.
std::string_view leadingNumber(std::string_view text);

// Without the byte order mark; what PowerShell's `>` writes (UTF-16) as one byte a character.
std::string plain(std::string_view text);

// A span many times over; at most 30 years either way, which is beyond every measurement.
Duration times(Duration span, std::int64_t count);

}  // namespace callflow::measurement
