// Who sent what when, packet by packet: time runs downwards, variants stand side by side.
#pragma once

#include <string>
#include <vector>

#include "src/plot/picture.h"

namespace callflow::plot::sequence {

inline constexpr const char* kName = "sequence";

// Where the words of a packet stand: x in panels, t in ms.
struct Label {
  std::string text;
  double x = 0, t = 0;
  std::string align, colour, offset;
};

// Who sends, passes on and receives, and what the legs between them are.
struct Lanes {
  std::string variant;
  std::vector<double> at;
  std::vector<std::string> names;       // one for each
  std::vector<std::string> transports;  // "TCP", "UDP"; one less
};

struct Data {
  std::string title, subtitle;
  std::vector<Lanes> panels;
  int panelWidth = 0;  // pixels
  std::vector<Label> labels;
  double end = 0;  // ms
  std::string table;
};

Found<Data> dataOf(const results::Result& result);
Figure figureOf(const Data& data);

}  // namespace callflow::plot::sequence
