// Pictures of measured and simulated calls by the second, by gnuplot.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "validation/video_study.h"

namespace callflow::validation {

struct VideoPicture {
  std::string file;  // name of the PNG
  std::string caption;
};

// One of each condition, in `directory`, which is made if it is not there: rates above, against the
// line's, round trips below. Without measured seconds the simulated ones alone. Throws InputError
// if gnuplot fails.
std::vector<VideoPicture> drawVideo(const VideoComparison& comparison,
                                    const std::filesystem::path& directory);

}  // namespace callflow::validation
