// How the call sounds over time.
#pragma once

#include <string>
#include <vector>

#include "src/metrics/statistics.h"
#include "src/plot/marks.h"
#include "src/plot/picture.h"

namespace callflow::plot::mos {

inline constexpr const char* kName = "mos";
inline constexpr double kWorst = 1, kBest = 4.5;  // of the scale

struct Point {
  metrics::Interval mos;
  double center = 0;  // s
};

struct Curve {
  std::string variant;
  std::vector<Point> points;
  double mean = 0;       // of whole calls
  double worst = kBest;  // window
};

struct Data {
  std::string title, subtitle, timeAxis;
  std::vector<Curve> curves;
  double end = 0;      // s, of the last window
  double lowest = 0;   // of all lines and bands
  bool bands = false;  // there are several runs
  std::vector<Mark> marks;
  std::string table;
};

Found<Data> dataOf(const results::Result& result);
Figure figureOf(const Data& data);

}  // namespace callflow::plot::mos
