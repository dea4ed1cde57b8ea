// The delay of each packet of one traced stream, and what happened to those that were sent again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "src/plot/marks.h"
#include "src/plot/picture.h"

namespace callflow::plot::delay_time {

inline constexpr const char* kName = "delay-time";

struct Series {
  std::string variant;
  std::string sameAs;  // an earlier variant whose packets met the same; empty: there is none
  std::int64_t retransmitted = 0, lost = 0, late = 0;
  std::int64_t recovered = 0;  // of the lost: their sound came with the next packet (FEC, RED)
  double largest = 0;          // ms
  bool thinned = false;        // points of the table stand for all between "delay" and "to"
  std::size_t points = 0;      // in the table
};

struct Data {
  std::string title, subtitle, timeAxis;
  std::vector<Series> series;
  double end = 0;      // s, last packet sent
  double highest = 0;  // ms
  std::vector<Mark> marks;
  std::string table;
};

Found<Data> dataOf(const results::Result& result);
Figure figureOf(const Data& data);

}  // namespace callflow::plot::delay_time
