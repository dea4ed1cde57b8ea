// Who of a group sees whom, and how well: a map for each variant.
#pragma once

#include <string>
#include <vector>

#include "src/plot/picture.h"

namespace callflow::plot::group_map {

inline constexpr const char* kName = "group-map";
// Of more people nobody finds one, and sites take their places.
inline constexpr std::size_t kMostPeople = 50;
// From this share of the time on a picture that stands still is marked.
inline constexpr double kFrozen = 0.01;

struct Square {
  std::size_t column = 0, row = 0;           // whose picture, at whom
  double height = 0, frameRate = 0, vq = 0;  // means over runs and streams; NaN: never seen
  double frozen = 0;                         // share of the time
  int streams = 0;                           // of a run
};

struct Map {
  std::string variant;
  std::vector<Square> squares;
};

struct Data {
  std::string title, subtitle;
  bool sites = false;                      // in place of people
  std::vector<std::string> columns, rows;  // who sends, who receives
  std::vector<Map> maps;
  std::string table;
};

Found<Data> dataOf(const results::Result& result);
Figure figureOf(const Data& data);

}  // namespace callflow::plot::group_map
