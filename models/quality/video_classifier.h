// Which video streams Microsoft's tools call poor, and by which rule.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "models/quality/classifier.h"
#include "src/units/units.h"

namespace callflow::quality {

// Averages over a stream as its receiver has them. NaN and negative durations stand for "not
// measured".
struct VideoFigures {
  static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  double framesLost = kUnknown;       // share of frames that were never shown
  double framesPerSecond = kUnknown;  // shown
  double lossAfterRepair = kUnknown;  // share of packets
  double height = kUnknown;           // of the picture, in pixels
  Duration frozenInAMinute = Duration::ns(-1);
  Duration length = Duration::ns(-1);  // of the stream
};

enum class VideoKind { camera, screenShare };
enum class VideoClassifier { callQualityDashboard, azureDiagnostics };
enum class VideoVerdict { good, poor, unclassified };

struct VideoClass {
  VideoVerdict verdict = VideoVerdict::unclassified;
  // Why it is poor; frame rates and heights are below their limits, all else above.
  std::vector<Exceeded> because;
};

//   Call Quality Dashboard of Teams: the first of these that was measured decides, and the others
//   are not looked at: over 50 % of frames lost; under 7 frames a second (2 if it is a screen
//   that is shared as video); over 15 % of packets lost after repair. Streams under 60 s, and those
//   of which none of the three was measured, are unclassified.
//   Call diagnostics of Azure Communication Services: any of a frame rate under 7 (screen 1), a
//   height under 240 (768), more than 6 s (25 s) frozen in a minute. Unclassified only if nothing
//   was measured.
VideoClass classifyVideo(VideoClassifier classifier, VideoKind kind, const VideoFigures& figures);

}  // namespace callflow::quality
