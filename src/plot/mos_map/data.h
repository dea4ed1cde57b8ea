// MOS by the axes of a sweep: a map for each variant, all on the same scale of colours.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "src/metrics/statistics.h"
#include "src/plot/picture.h"
#include "src/results/sweep.h"

namespace callflow::plot::mos_map {

inline constexpr const char* kName = "mos-map";
// Below it many users are dissatisfied (ITU-T G.107 Table B.1).
inline constexpr double kPoor = 3.60;
// Up to here white figures are easier to read on the map's colours than black ones.
inline constexpr double kDark = 3.0;

struct Square {
  std::size_t column = 0;
  std::size_t row = 0;
  metrics::Interval mos;
  std::string variant;

  // As it is written in the map: what reads 3.60 is not framed as below it.
  bool poor() const { return std::round(mos.mean * 100) < kPoor * 100 - 0.5; }
};

struct Map {
  std::string title;
  std::vector<Square> squares;
};

struct Data {
  std::string title, subtitle;
  std::vector<Map> maps;
  std::string across, down;  // names of the axes; of one axis alone the variants are the rows
  std::vector<std::string> columns, rows;
  std::string table;
};

Found<Data> dataOf(const results::Result& result);
Figure figureOf(const Data& data);

}  // namespace callflow::plot::mos_map
