#include "src/metrics/run_record.h"

#include <array>
#include <string_view>

namespace callflow::metrics {

std::string_view name(DelayCause cause) {
  static constexpr std::array<std::string_view, kDelayCauseCount> kNames{
      "packetization", "lookahead", "send-wait",  "retransmission", "propagation",  "jitter",
      "serialization", "queueing",  "processing", "head-of-line",   "jitter-buffer"};
  static_assert(!kNames.back().empty());
  return kNames[static_cast<std::size_t>(cause)];
}

}  // namespace callflow::metrics
