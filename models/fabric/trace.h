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
// `loss_percent`), each row holding until the next, the last as long as the one before. Else
// mahimahi's: each line a millisecond at which 1500 B may leave; these become rates of 100 ms, or
// of as long as it takes until something may leave, so that no packet is refused.
ParsedTrace parseTrace(std::string_view text);

}  // namespace callflow::fabric
