// The list of pictures.
#pragma once

#include <span>
#include <string_view>

#include "src/plot/picture.h"

namespace callflow::plot {

struct Picture {
  std::string_view name;
  Drawn (*make)(const results::Result& result);
  bool whole = false;  // of all cells of a sweep; else of the one in its middle
  bool video = false;  // of nothing else: not missed in a result without video
};

// In the order in which they are drawn.
std::span<const Picture> pictures();

// Precondition: there is a picture of the name.
Drawn drawn(std::string_view name, const results::Result& result);

}  // namespace callflow::plot
