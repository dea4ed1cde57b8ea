// From what was counted of a stream of video to its record.
#pragma once

#include <string>
#include <vector>

#include "src/metrics/run_record.h"
#include "src/sim/lip_sync.h"
#include "src/sim/outgoing_pictures.h"
#include "src/sim/video_call.h"

namespace callflow::sim {

// Totals and windows, a window for each second; of `sound`, the same sender's at the same receiver,
// what is said of both together, and how far they are apart (`offsets`, syncOffsets()). Of a
// gallery rates are those of one of its videos in the mean, and counts those of all. Of samples
// that are fewer than two nothing is known.
void fillVideo(const VideoCall::Seen& seen, const std::vector<double>& offsets, Picture picture,
               const metrics::StreamRecord& sound, metrics::StreamRecord& record);

// When what `to` sees of a camera stood still; a screen may stand still because its slide does.
void addFreezes(const client::IncomingVideo& seen, const std::string& from, const std::string& to,
                std::vector<metrics::CallEvent>& events);

}  // namespace callflow::sim
