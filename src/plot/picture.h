// A picture is a folder: what it shows, computed from a result (data.h, data.cc), and how that is
// drawn (script.cc). pictures.cc lists them.
#pragma once

#include <optional>
#include <string>

#include "src/results/result.h"

namespace callflow::plot {

struct Figure {
  std::string name;    // of its files: delay-cdf.gp, delay-cdf.csv, delay-cdf.svg
  std::string script;  // reads the data by its name, so it runs from their directory
  std::string data;
};

// Either a figure or the reason why there is none.
struct Drawn {
  std::optional<Figure> figure;
  std::string whyNot;
};

// Either what a picture shows or the reason why there is nothing.
template <class Data>
struct Found {
  std::optional<Data> data;
  std::string whyNot;
};

}  // namespace callflow::plot
