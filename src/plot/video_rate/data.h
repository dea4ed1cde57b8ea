// What one stream of video is given, takes and shows, second by second.
#pragma once

#include <string>
#include <vector>

#include "src/plot/picture.h"

namespace callflow::plot::video_rate {

inline constexpr const char* kName = "video-rate";

// One window; NaN where nothing is known.
struct Point {
  double from = 0, to = 0;                                   // s
  double available = 0, target = 0, sent = 0, received = 0;  // kbit/s
  double height = 0;                                         // px
  double frameRate = 0;                                      // frames a second
  double delay = 0, roundTrip = 0;                           // ms; camera to screen
  double lost = 0;                                           // %
  double frozen = 0;                                         // s of a freeze that ended in it
};

struct Column {
  std::string variant;
  std::vector<Point> points;
  double received = 0, height = 0, vq = 0;  // of the whole call: kbit/s, px
  int freezes = 0;
};

// A freeze, from when the picture should have changed; on the axis.
struct Freeze {
  std::size_t column = 0;
  double from = 0, to = 0;
};

struct Data {
  std::string title, subtitle, timeAxis;
  bool server = false;  // `available` is what the media processor finds of the receiver's way
  std::vector<Column> columns;
  std::vector<Freeze> freezes;
  double end = 0;  // s
  // The largest of all columns, which have their axes in common.
  double rate = 0, height = 0, frameRate = 0, delay = 0, lost = 0;
  std::string table;
};

Found<Data> dataOf(const results::Result& result);
Figure figureOf(const Data& data);

}  // namespace callflow::plot::video_rate
