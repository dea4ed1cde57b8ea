// A recorded line: rate, delay and loss over time, from mahimahi's format or from CSV.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/units/units.h"

namespace callflow::fabric {

// What a trace says from a time on; what it does not say stays as the link has it.
struct TraceStep {
  Duration at;  // from the beginning of the trace; of the first 0
  std::optional<DataRate> rate = {};
  std::optional<Duration> delay = {};
  std::optional<Ratio> loss = {};

  bool operator==(const TraceStep&) const = default;
};

struct Trace {
  std::vector<TraceStep> steps;
  Duration period;  // then it begins anew

  bool operator==(const Trace&) const = default;
};

// The steps, or what is wrong in which line of the text (from 1).
struct ParsedTrace {
  std::shared_ptr<const Trace> trace;
  int line = 0;
  std::string problem = {};
};

// CSV if the first line names columns (`time_s` and any of `rate_kbps`, `delay_ms`,
// `loss_percent`), each row holding until the next; a row of a time alone ends it, or else the last
// holds as long as the one before. `;` may stand for the ends of all lines. Else
// mahimahi's: each line a millisecond at which 1500 B may leave; these become rates of 100 ms, or
// of as long as it takes until something may leave, so that no packet is refused.
ParsedTrace parseTrace(std::string_view text);

// The CSV of a trace in one line, from which it is read back as it is.
std::string traceText(const Trace& trace);
// Whether it is such a CSV, in one line or more, and not the path of a file.
bool isTraceText(std::string_view text);

}  // namespace callflow::fabric
