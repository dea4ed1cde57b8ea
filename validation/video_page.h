// The comparison with real Chromium's video calls as a page with pictures.
#pragma once

#include <string>

#include "validation/video_study.h"

namespace callflow::validation {

// Writes `path` (Markdown) and the pictures that it shows in the folder pictures beside it. Throws
// InputError if that cannot be done.
void writeVideoPage(const VideoComparison& comparison, const std::string& path);

// "805 / 792", and by how much beyond the bar if it is missed.
std::string videoCell(const ComparedPhase& phase, VideoQuantity quantity);

}  // namespace callflow::validation
