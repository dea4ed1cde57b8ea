// Where the delay comes from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/plot/picture.h"

namespace callflow::plot::delay_budget {

inline constexpr const char* kName = "delay-budget";

// In the order that a packet meets them; what belongs to one decision of an engineer goes together.
struct Part {
  std::string_view label;
  std::string_view fill;
  std::string_view text;  // colour of a number on it
  std::vector<metrics::DelayCause> causes;
};
const std::vector<Part>& parts();

struct Row {
  std::string variant;
  std::vector<double> parts;  // ms
  double total = 0;
};

struct Data {
  std::string title, subtitle;
  std::vector<Row> rows;
  std::string table;
};

Found<Data> dataOf(const results::Result& result);
Figure figureOf(const Data& data);

}  // namespace callflow::plot::delay_budget
