// What the receiver does over time: how long it aims to hold sound back, and how much it makes up.
#pragma once

#include <string>
#include <vector>

#include "src/plot/marks.h"
#include "src/plot/picture.h"

namespace callflow::plot::jitter_buffer {

inline constexpr const char* kName = "jitter-buffer";

struct Point {
  double center = 0;     // s
  double target = 0;     // ms
  double concealed = 0;  // %
};

struct Curve {
  std::string variant;
  std::vector<Point> points;
  double meanTarget = 0, meanConcealed = 0;
};

struct Data {
  std::string title, subtitle, timeAxis;
  std::vector<Curve> curves;
  double end = 0;                               // s, middle of the last window
  double mostTarget = 20, mostConcealed = 0.5;  // ms, %
  std::vector<Mark> marks;
  std::string table;
};

Found<Data> dataOf(const results::Result& result);
Figure figureOf(const Data& data);

}  // namespace callflow::plot::jitter_buffer
