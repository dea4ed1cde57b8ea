// What a result keeps of a run's frames when nobody asked for all of them: enough for every
// picture, and no more. A call of an hour has 180 000 frames each way, a call centre 400 streams.
#pragma once

#include <cstddef>
#include <vector>

#include "src/metrics/run_record.h"

namespace callflow::results {

// A run with more streams keeps frames of these many: of half of them because they stand first (so
// that variants have streams in common), of the others because they have the largest delays.
inline constexpr std::size_t kTracedStreams = 8;

// A run with no more frames keeps them all: ten minutes of a call both ways.
inline constexpr std::size_t kTracedFrames = 60'000;

// Which frames tell what a trace has to tell: all that were lost, late, sent again or held up, with
// two before and two behind each, and of the others the first, the fastest and the slowest of every
// so many.
std::vector<bool> tellingFrames(const std::vector<metrics::FrameTrace>& trace);

// Takes the run to that size. What was heard (StreamRecord::playout) is kept whole or not at all.
// Decided by the run alone: the same run keeps the same, whatever else is in its result.
void thinTraces(metrics::RunRecord& run);

}  // namespace callflow::results
