// A participant's connection over time, from what its client noted and what its streams were like.
#pragma once

#include <string>
#include <vector>

#include "src/metrics/run_record.h"

namespace callflow::plot::call_events {

// Times are seconds since the beginning of the run.
struct Band {
  double from = 0, to = 0;
  std::string what;
};

struct Lane {
  std::string participant;
  double y = 0;               // of its upper edge in the picture
  std::vector<Band> states;   // "checking", "connected", "disconnected", "failed"
  std::vector<Band> paths;    // "host", "relay udp" ...
  std::vector<Band> silence;  // nothing is played to it
  std::vector<double> restarts;
  std::string end;  // "410/301005"; nothing if all was well
};

// Those whose clients noted states. Silence is known of streams with a trace.
std::vector<Lane> lanesOf(const metrics::RunRecord& run, const metrics::CallRecord& call);

// From here on a gap is silence: libwebrtc counts it as an interruption (kInterruptionLenMs).
inline constexpr double kSilence = 0.150;

}  // namespace callflow::plot::call_events
