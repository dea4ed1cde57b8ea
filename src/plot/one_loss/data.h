// One loss over TCP under the magnifying glass: what becomes of the lost packet and of those behind
// it, each a row, from sending to playout.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "src/plot/picture.h"

namespace callflow::plot::one_loss {

inline constexpr const char* kName = "one-loss";

struct Data {
  std::string title, subtitle;
  std::vector<std::int64_t> sequences;  // of the rows, from the top
  double earliest = 0, latest = 0;      // ms, from when the lost packet was sent
  std::set<std::string> kinds;          // of what is in the table: "window", "way", "lost" ...
  std::string table;
};

Found<Data> dataOf(const results::Result& result);
Figure figureOf(const Data& data);

}  // namespace callflow::plot::one_loss
