// Marks on pictures over time: what happened to calls' connections, and when.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "src/plot/figure.h"
#include "src/results/result.h"

namespace callflow::plot {

struct Mark {
  double at = 0;      // s, on the picture's axis
  std::string words;  // "ann disconnected", "relay udp"
  std::size_t series = 0;
  bool shared = false;  // by several series
};

// Of a call, on an axis whose zero is `zero` in the scenario's time.
std::vector<Mark> marksOf(const metrics::CallRecord& call, Duration zero, std::size_t series);
// Of the first call of a variant to which anything happened, in the first such run, on an axis
// whose zero is the first sound that is scored.
std::vector<Mark> marksOf(const results::Result& result, const std::string& variant,
                          std::size_t series);

// The marks of all series with room for their labels above the plot: like flags, each label is to
// the right of its pole and below those of the poles that it would cross.
class MarkStrip {
 public:
  // `low`, `high`: ends of the axis, which is as wide as in `layout`.
  MarkStrip(std::vector<Mark> marks, const Layout& layout, double low, double high);

  // Makes room.
  void widen(Layout& layout) const;
  // Poles through the plot, and labels: to be set before the plot is drawn. The layout is the
  // widened one.
  std::string script(const Layout& layout) const;

 private:
  struct Flag {
    Mark mark;
    int row = 0;  // from the plot up
  };
  std::vector<Flag> flags_;
  int rows_ = 0;
};

}  // namespace callflow::plot
