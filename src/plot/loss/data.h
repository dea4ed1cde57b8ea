// What did not arrive, what arrived too late, and what the listener was made to hear in its place.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "src/plot/picture.h"

namespace callflow::plot::loss {

inline constexpr const char* kName = "loss";

struct Bar {
  std::string_view label, fill;
  double mean = 0, low = 0, high = 0;  // %; NaN: no interval
};

struct Group {
  std::string variant;
  std::vector<Bar> bars;
};

// Where things stand on the axis that runs down: three bars of 1, a heading and a gap.
inline constexpr double kGroupHeight = 4.4, kFirstBar = 1.4;

struct Data {
  std::string title, subtitle;
  std::vector<Group> groups;
  std::string table;
};

Found<Data> dataOf(const results::Result& result);
Figure figureOf(const Data& data);

// "0.35", "12.1", of a value in percent.
std::string percentText(double value);

}  // namespace callflow::plot::loss
