// What each of a group gets of every other over time.
#pragma once

#include <string>
#include <vector>

#include "src/plot/picture.h"

namespace callflow::plot::layers {

inline constexpr const char* kName = "layers";
// Of more lanes only those of the people who see least are shown; the data have all.
inline constexpr std::size_t kMostLanes = 40;

struct Band {
  double from = 0, to = 0;  // s
  double height = 0;        // px
};

struct Lane {
  std::string receiver, sender;
  std::vector<Band> bands;   // gaps: nothing is decoded
  std::vector<Band> frozen;  // height is not used
};

struct Column {
  std::string variant;
  std::vector<Lane> lanes;
};

// Where a lane is, from the top; a receiver's lanes are together.
struct Place {
  std::string receiver, sender;
  double y = 0;
};

struct Data {
  std::string title, subtitle, timeAxis;
  std::vector<Place> places;
  std::size_t receivers = 0, hidden = 0;  // shown, not shown
  std::vector<Column> columns;
  std::vector<int> heights;  // that are met, largest first
  double end = 0;            // s
  bool frozen = false;
  std::string table;
};

Found<Data> dataOf(const results::Result& result);
Figure figureOf(const Data& data);

}  // namespace callflow::plot::layers
