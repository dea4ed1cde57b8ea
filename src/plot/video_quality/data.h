// How the calls of each variant sound and look, by their scores.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/metrics/statistics.h"
#include "src/plot/picture.h"

namespace callflow::plot::video_quality {

inline constexpr const char* kName = "video-quality";
inline constexpr double kWorst = 1, kBest = 5;  // of the scale of video; that of sound ends at 4.5

struct Row {
  std::string variant;
  metrics::Interval mos, vq;       // over the runs; no values: count is 0
  double strict = 0, lenient = 0;  // vq less what freezes take, in two views; NaN if unknown
};

struct Data {
  std::string title, subtitle;
  std::vector<Row> rows;
  std::string table;
};

Found<Data> dataOf(const results::Result& result);
Figure figureOf(const Data& data);

}  // namespace callflow::plot::video_quality
