// What `ping` prints, of Linux (iputils, busybox), macOS and of Windows in English.
#pragma once

#include <string_view>

#include "src/measurement/measurement.h"

namespace callflow::measurement {

// Whether this is such a text.
bool isPing(std::string_view text);

// Of Linux and macOS, lost is a sequence number without a reply: of those between others, and, if
// ping's first and last lines are there, of those before and after. Packets were sent at the times
// in brackets (`ping -D`), or evenly over the time of iputils' last line, or else `interval` apart.
// Of Windows, a packet is a line; they have no times.
Result<Probes> readPing(std::string_view text, Duration interval);

}  // namespace callflow::measurement
