#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/plot/video_quality/data.h"

namespace callflow::plot::video_quality {

namespace {

constexpr std::size_t kMostRows = 30;
constexpr std::size_t kMostCharacters = 26;
constexpr int kRowHeight = 48;
constexpr double kSound = 0.17, kPicture = -0.17;  // from the row's middle, down

}  // namespace

Figure figureOf(const Data& data) {
  const std::size_t shown = std::min(data.rows.size(), kMostRows);
  std::size_t longest = 0;
  for (std::size_t i = 0; i < shown; ++i)
    longest = std::max(longest, std::min(data.rows[i].variant.size(), kMostCharacters));
  Layout layout;
  layout.left = 40 + 8 * static_cast<int>(longest);
  layout.right = 230;
  layout.height = layout.top + layout.bottom + std::max(130, kRowHeight * static_cast<int>(shown));
  std::string script = prelude(kName, layout, data.title, data.subtitle);
  std::string tics;
  for (std::size_t i = 0; i < shown; ++i) {
    tics += fmt::format("{}{} {}", i == 0 ? "" : ", ",
                        ticLiteral(shortened(data.rows[i].variant, kMostCharacters)), i);
    // Beside the plot, in the colours of the marks.
    const auto number = [&](const metrics::Interval& score, double shift, std::size_t colourOf) {
      if (score.count == 0) return;
      script += fmt::format("set label '{:.2f}' at graph 1, first {} left offset 1,0 tc rgb '{}'\n",
                            score.mean, decimal(static_cast<double>(i) - shift), colour(colourOf));
    };
    number(data.rows[i].mos, kSound, 0);
    number(data.rows[i].vq, kPicture, 1);
  }
  script += fmt::format(
      "set xrange [{}:{}]\nset xtics 1\nset yrange [{}:-0.5]\nset ytics ({})\nset grid noytics\n"
      "set xlabel 'Mean opinion score'\nset errorbars small\n",
      decimal(kWorst), decimal(kBest), decimal(static_cast<double>(shown) - 0.5), tics);
  double y = layout.top + 8;
  const double left = layout.width - layout.right + 66;
  const auto legend = [&](std::string_view mark, std::string_view name, std::size_t colourOf,
                          std::initializer_list<const char*> details) {
    const auto at = [&](double x) {
      return fmt::format("screen {},{}", decimal(x / layout.width), decimal(1 - y / layout.height));
    };
    script += fmt::format("set label '' at {} point {} lc rgb '{}' front\n", at(left), mark,
                          colour(colourOf));
    script += fmt::format("set label {} at {} left font bold_font tc rgb '{}' front\n",
                          literal(name), at(left + 14), colour(colourOf));
    for (const char* const detail : details) {
      y += 16;
      script += fmt::format("set label {} at {} left font small_font tc rgb '#555555' front\n",
                            literal(detail), at(left + 14));
    }
    y += 22;
  };
  legend("pt 7 ps 1", "sound", 0, {"E-model, to 4.5"});
  legend("pt 5 ps 1", "picture", 1, {"G.1070, to 5"});
  const bool frozen = std::any_of(data.rows.begin(), data.rows.end(),
                                  [](const Row& row) { return row.vq.mean - row.strict > 0.005; });
  if (frozen) legend("pt 5 ps 0.6", "less freezes", 4, {"two studies' views"});
  std::vector<std::string> plots;
  if (frozen)
    plots.push_back(fmt::format(
        "'video-quality.csv' using 8:($1 + {0}):8:9:($1 + {1}):($1 + {2}) skip 1 with boxxyerror "
        "fs transparent solid 0.55 noborder fc rgb '{3}'",
        decimal(-kPicture), decimal(-kPicture - 0.09), decimal(-kPicture + 0.09), colour(4)));
  const auto marks = [&](int field, double shift, std::size_t colourOf, int point) {
    // Bars first: the mean is seen on top. A bound that is not known has no bar.
    plots.push_back(fmt::format(
        "'video-quality.csv' using {0}:($1 + {1}):{2}:{3} skip 1 with xerrorbars pt {4} ps 1 lw "
        "1.8 lc rgb '{5}'",
        field, decimal(-shift), field + 1, field + 2, point, colour(colourOf)));
    plots.push_back(
        fmt::format("'video-quality.csv' using {0}:($1 + {1}) skip 1 with points pt {2} ps 1 lc "
                    "rgb '{3}'",
                    field, decimal(-shift), point, colour(colourOf)));
  };
  marks(2, kSound, 0, 7);
  marks(5, kPicture, 1, 5);
  script += fmt::format("plot {}\n", fmt::join(plots, ", \\\n     "));
  return {kName, script, data.table};
}

}  // namespace callflow::plot::video_quality
