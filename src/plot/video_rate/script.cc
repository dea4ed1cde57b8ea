#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/plot/video_rate/data.h"

namespace callflow::plot::video_rate {

namespace {

constexpr std::size_t kMostColumns = 3;  // wider than a page
constexpr int kGapX = 24, kGapY = 14;    // pixels between panels

struct Row {
  std::string_view label;
  int height;  // pixels
};
constexpr Row kRows[] = {{"Rate (kbit/s)", 190},
                         {"Height (px)", 70},
                         {"Frames (1/s)", 70},
                         {"Delay (ms)", 90},
                         {"Lost (%)", 60}};
constexpr std::size_t kRowCount = std::size(kRows);

// The data of a column as steps: a window has one value from its beginning to its end.
std::string steps(std::size_t column, int field, std::string_view style) {
  return fmt::format("'video-rate.csv' using ($1 == {} ? $2 : NaN):{} skip 1 with {}", column,
                     field, style);
}

std::string curvesOf(std::size_t row, std::size_t column) {
  switch (row) {
    case 0:
      // From behind: what arrives as an area, what limits it as lines.
      return fmt::format(
          "{}, \\\n     {}, \\\n     {}, \\\n     {}",
          steps(column, 7, "fillsteps fc rgb '#56B4E9' fs transparent solid 0.45 noborder"),
          steps(column, 4, fmt::format("steps lw 1.6 dt '.' lc rgb '{}'", colour(6))),
          steps(column, 6, fmt::format("steps lw 1.6 lc rgb '{}'", colour(0))),
          steps(column, 5, fmt::format("steps lw 2 dt '-' lc rgb '{}'", colour(1))));
    case 1:
      return steps(column, 8, "fillsteps fc rgb '#009E73' fs solid 0.75 noborder");
    case 2:
      return steps(column, 9, fmt::format("steps lw 1.6 lc rgb '{}'", colour(0)));
    case 3:
      return fmt::format(
          "{}, \\\n     {}",
          steps(column, 11, fmt::format("steps lw 1.6 dt '-' lc rgb '{}'", colour(1))),
          steps(column, 10, fmt::format("steps lw 1.6 lc rgb '{}'", colour(0))));
    default:
      return steps(column, 12,
                   fmt::format("fillsteps fc rgb '{}' fs solid 0.9 noborder", colour(1)));
  }
}

double topOf(std::size_t row, const Data& data) {
  switch (row) {
    case 0:
      return niceAbove(data.rate * 1.1);
    case 1:
      return std::max(data.height, 180.0) * 1.08;
    case 2:
      return std::max(data.frameRate, 15.0) * 1.12;
    case 3:
      return niceAbove(std::max(data.delay, 50.0));
    default:
      return niceAbove(std::max(data.lost, 1.0));
  }
}

// Few tics: the panels are low.
double stepOf(std::size_t row, double top) {
  if (row == 0) return niceStep(top);
  if (row == 1) return 180;
  if (row == 2) return 10;
  double step = niceStep(top);
  while (top / step > 4) step *= 2;
  return step;
}

class Panels {
 public:
  explicit Panels(const Data& data)
      : data_(data), columns_(std::min(data.columns.size(), kMostColumns)) {
    width_ = columns_ == 1 ? 560 : columns_ == 2 ? 340 : 260;
    layout_.left = 84;
    layout_.right = 190;
    layout_.top = columns_ > 1 ? 88 : 72;
    layout_.bottom = 60;
    int inner = -kGapY;
    for (const Row& row : kRows) inner += row.height + kGapY;
    layout_.height = layout_.top + inner + layout_.bottom;
    layout_.width =
        layout_.left + layout_.right + static_cast<int>(columns_) * (width_ + kGapX) - kGapX;
  }

  std::string script() const {
    std::string text = prelude(kName, layout_, data_.title, data_.subtitle);
    text += fmt::format("set xrange [0:{0}]\nset multiplot\n", decimal(data_.end));
    for (std::size_t row = 0; row < kRowCount; ++row) {
      text += legend(row);
      for (std::size_t column = 0; column < columns_; ++column) text += panel(row, column);
    }
    return text + "unset multiplot\n";
  }

 private:
  int top(std::size_t row) const {
    int y = layout_.top;
    for (std::size_t i = 0; i < row; ++i) y += kRows[i].height + kGapY;
    return y;
  }
  double screenX(double x) const { return x / layout_.width; }
  double screenY(double y) const { return 1 - y / layout_.height; }

  std::string panel(std::size_t row, std::size_t column) const {
    const double most = topOf(row, data_);
    const int left = layout_.left + static_cast<int>(column) * (width_ + kGapX);
    const bool last = row + 1 == kRowCount;
    std::string text = fmt::format(
        "set lmargin at screen {}\nset rmargin at screen {}\nset tmargin at screen {}\nset bmargin "
        "at screen {}\nset yrange [0:{}]\nset ytics 0,{} {}\n{}\nset xtics 0,{} {}\n{}\n",
        decimal(screenX(left)), decimal(screenX(left + width_)), decimal(screenY(top(row))),
        decimal(screenY(top(row) + kRows[row].height)), decimal(most), decimal(stepOf(row, most)),
        column == 0 ? "format '%g'" : "format ''",
        column == 0 ? fmt::format("set label 103 {} at screen {},{} center rotate by 90",
                                  literal(kRows[row].label), decimal(screenX(20)),
                                  decimal(screenY(top(row) + kRows[row].height / 2.0)))
                    : "",
        decimal(columns_ > 1 ? 2 * niceStep(data_.end) : niceStep(data_.end)),
        last ? "format '%g'" : "format ''",
        last && column == (columns_ - 1) / 2 ? "set xlabel " + literal(data_.timeAxis)
                                             : std::string{"unset xlabel"});
    if (row == 0 && columns_ > 1)
      text += fmt::format("set label 104 {} at graph 0,1 offset 0,0.7 left font bold_font\n",
                          literal(shortened(data_.columns[column].variant, width_ / 9U)));
    text += freezes(column);
    text += "plot " + curvesOf(row, column) + "\n";
    // All but the axes is of one panel.
    return text + "unset label\nunset arrow\nunset object\n";
  }

  std::string freezes(std::size_t column) const {
    std::string text;
    for (const Freeze& f : data_.freezes) {
      if (f.column != column) continue;
      text += fmt::format(
          "set object rectangle from first {},graph 0 to first {},graph 1 behind fc rgb '#F0E442' "
          "fs solid 0.6 noborder\n",
          decimal(f.from), decimal(f.to));
    }
    return text;
  }

  // Beside the last column: what the lines of a row are.
  std::string legend(std::size_t row) const {
    struct Entry {
      std::string_view name, sample;  // a line's look; empty: words alone
    };
    static const std::vector<std::vector<Entry>> kEntries = {
        {{"path is taken to carry", "lw 2 dt '.' lc rgb '#444444'"},
         {"target of the encoder", "lw 2 dt '-' lc rgb '#D55E00'"},
         {"sent", "lw 2 lc rgb '#0072B2'"},
         {"received", "lw 9 lc rgb '#AAD9F4'"}},
        {{"as shown", "lw 9 lc rgb '#40B696'"}},
        {{"decoded", "lw 2 lc rgb '#0072B2'"}},
        {{"camera to screen", "lw 2 lc rgb '#0072B2'"},
         {"round trip", "lw 2 dt '-' lc rgb '#D55E00'"}},
        {{"by the network", "lw 9 lc rgb '#D55E00'"}}};
    std::string text;
    const double left = layout_.width - layout_.right + 14;
    double y = top(row) + 12;
    const auto add = [&](std::string_view name, std::string_view sample) {
      text += fmt::format(
          "set arrow from screen {},{} to screen {},{} nohead {} front\n"
          "set label {} at screen {},{} left font small_font tc rgb '#222222' front\n",
          decimal(screenX(left)), decimal(screenY(y)), decimal(screenX(left + 22)),
          decimal(screenY(y)), sample, literal(name), decimal(screenX(left + 29)),
          decimal(screenY(y)));
      y += 18;
    };
    for (const Entry& entry : kEntries[row]) add(entry.name, entry.sample);
    if (row == 0 && data_.server) {
      for (const char* const words : {"(sent by the sender to the", "server; the path is the one",
                                      "from there to the receiver)"}) {
        text += fmt::format("set label {} at screen {},{} left font small_font tc rgb '#555555'\n",
                            literal(words), decimal(screenX(left)), decimal(screenY(y)));
        y += 15;
      }
    }
    if (row == 0 && !data_.freezes.empty()) add("picture stood still", "lw 9 lc rgb '#F6EE8E'");
    return text;
  }

  const Data& data_;
  std::size_t columns_;
  int width_ = 0;  // of a panel
  Layout layout_;
};

}  // namespace

Figure figureOf(const Data& data) {
  return {kName, Panels(data).script(), data.table};
}

}  // namespace callflow::plot::video_rate
