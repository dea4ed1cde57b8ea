// From what was planned and measured to the record of a stream.
#pragma once

#include <map>
#include <vector>

#include "models/path/frame.h"
#include "models/receiver/stream_meter.h"
#include "src/explain/plan.h"
#include "src/metrics/run_record.h"
#include "src/network/network.h"

namespace callflow::sim {

// Path, transport, attempts and legs, of the one or (with a media processor) two paths of a stream.
void describePath(const topology::NetworkGraph& graph,
                  const std::vector<const explain::MediaPath*>& paths,
                  metrics::StreamRecord& record);

// Totals, windows, histogram and the delay budget by cause; queueing is left to be split by
// element.
void fillMeasured(const receiver::StreamReport& report, metrics::StreamRecord& record);

// What the classifiers make of the stream's totals, and how its network met the targets; round
// trips included.
struct RoundTripSamples {
  std::int64_t stun = 0, rtcp = 0;
};
void classify(const receiver::StreamReport& report, const RoundTripSamples& samples,
              metrics::StreamRecord& record);

// The paths that frames took.
struct TracedPaths {
  std::vector<const path::Path*> described;  // by the record; what is crossed on others is left out
  std::vector<const path::Path*> last;       // all that ended at the receiver
};
void fillTrace(const receiver::StreamReport& report,
               const std::map<std::int64_t, std::vector<path::Crossing>>& crossings,
               const TracedPaths& paths, const network::Network& network,
               metrics::StreamRecord& record);

}  // namespace callflow::sim
