#include "src/plot/figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "src/plot/gnuplot.h"

namespace callflow::plot {

namespace {

constexpr std::array<std::string_view, kMostSeries> kPalette = {
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#444444"};
constexpr std::array<std::string_view, kMostSeries> kDashes = {"solid", "'-'",   "'_.'", "'.'",
                                                               "'- '",  "'_..'", "'_ '"};

// Sizes of type in pixels; the raster is drawn at twice the size, for slides and dense screens.
constexpr int kTitleSize = 16;
constexpr int kTextSize = 13;
constexpr int kSmallSize = 12;

}  // namespace

std::string colour(std::size_t index) {
  return std::string{kPalette[index % kPalette.size()]};
}
std::string_view lineStyle(std::size_t points) {
  constexpr std::size_t kMarked = 100;
  return points > kMarked ? "lines" : "linespoints pt 7 ps 0.45";
}
std::string dash(std::size_t index) {
  return std::string{kDashes[index % kDashes.size()]};
}

std::string decimal(double value) {
  std::string text = fmt::format("{:.6f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string prelude(const std::string& name, const Layout& l, std::string_view title,
                    std::string_view subtitle) {
  // Sizes of letters are in points of 3/4 pixel for the raster, in pixels for SVG.
  std::string text = fmt::format(
      "# Run it here: gnuplot -e \"ext='pdf'\" {0}.gp (svg, png or pdf; svg if not given)\n"
      "if (!exists(\"ext\")) ext = 'svg'\n"
      "if (!exists(\"out\")) out = '{0}.' . ext\n"
      "if (ext eq 'svg') set terminal svg noenhanced size {1},{2} font 'DejaVu Sans,{3}' "
      "background "
      "rgb '#ffffff'\n"
      "if (ext eq 'png') set terminal pngcairo noenhanced size {4},{5} font 'DejaVu Sans,{6}' "
      "fontscale 2 linewidth 2 pointscale 2 background rgb '#ffffff'\n"
      "if (ext eq 'pdf') set terminal pdfcairo noenhanced size {7}in,{8}in font 'DejaVu Sans,{6}' "
      "background rgb '#ffffff'\n"
      "scale = ext eq 'svg' ? 1.0 : 0.75\n"
      "title_font = sprintf('DejaVu Sans:Bold,%g', {9} * scale)\n"
      "bold_font = sprintf('DejaVu Sans:Bold,%g', {3} * scale)\n"
      "small_font = sprintf('DejaVu Sans,%g', {10} * scale)\n",
      name, l.width, l.height, kTextSize, 2 * l.width, 2 * l.height, decimal(kTextSize * 0.75),
      decimal(l.width / 96.0), decimal(l.height / 96.0), kTitleSize, kSmallSize);
  text +=
      "set output out\n"
      "set encoding utf8\n"
      "set datafile separator comma\n"
      "set datafile missing ''\n"
      "set border 3 lc rgb '#444444' lw 1\n"
      "set tics nomirror out scale 0.6 tc rgb '#222222'\n"
      "set grid lt 1 lc rgb '#dddddd' lw 0.7\n"
      "set style fill transparent solid 0.20 noborder\n"
      "unset key\n";
  text += fmt::format(
      "set lmargin at screen {}\nset rmargin at screen {}\nset tmargin at screen {}\nset bmargin "
      "at "
      "screen {}\n",
      decimal(double(l.left) / l.width), decimal(1 - double(l.right) / l.width),
      decimal(1 - double(l.top) / l.height), decimal(double(l.bottom) / l.height));
  text += fmt::format(
      "set label 1 {} at screen {},{} left font title_font tc rgb '#000000'\n"
      "set label 2 {} at screen {},{} left tc rgb '#555555'\n",
      literal(shortened(title, static_cast<std::size_t>((l.width - 40) / 10))),
      decimal(20.0 / l.width), decimal(1 - 26.0 / l.height),
      literal(shortened(subtitle, static_cast<std::size_t>((l.width - 40) / 7))),
      decimal(20.0 / l.width), decimal(1 - 48.0 / l.height));
  return text;
}

std::string sideLabels(std::vector<SideLabel> labels, const Layout& l) {
  const double plot = l.height - l.top - l.bottom;
  const auto need = [&](const SideLabel& s) {
    return (22.0 + 16.0 * static_cast<double>(s.details.size()) + 6.0) / plot;
  };
  std::stable_sort(labels.begin(), labels.end(),
                   [](const SideLabel& a, const SideLabel& b) { return a.height > b.height; });
  // From the top down, each at its own height or below the one before; what falls off the bottom
  // pushes the others up again. `height` is that of the name's line from here on.
  double ceiling = 1.0;
  for (SideLabel& s : labels) {
    s.height = std::min(s.height, ceiling);
    ceiling = s.height - need(s);
  }
  double floor = 0.0;
  for (auto s = labels.rbegin(); s != labels.rend(); ++s) {
    s->height = std::max(s->height, floor + need(*s) - 16.0 / plot);
    floor = s->height + 16.0 / plot;
  }
  std::string text;
  const double left = 1 - double(l.right - 14) / l.width;
  const auto screenY = [&](double height) { return (l.bottom + height * plot) / l.height; };
  const auto most = static_cast<std::size_t>(std::max(8, (l.right - 52) / 8));
  for (const SideLabel& s : labels) {
    double y = screenY(s.height);
    if (s.line) {
      text += fmt::format(
          "set arrow from screen {},{} to screen {},{} nohead lw 2.4 dt {} lc rgb '{}' front\n",
          decimal(left), decimal(y), decimal(left + 26.0 / l.width), decimal(y), dash(s.series),
          colour(s.series));
    } else {
      text += fmt::format("set label '' at screen {},{} point pt 7 ps 0.8 lc rgb '{}' front\n",
                          decimal(left + 18.0 / l.width), decimal(y), colour(s.series));
    }
    const double x = left + 32.0 / l.width;
    text += fmt::format("set label {} at screen {},{} left font bold_font tc rgb '{}' front\n",
                        literal(shortened(s.name, most)), decimal(x), decimal(y), colour(s.series));
    for (const std::string& detail : s.details) {
      y -= 16.0 / l.height;
      text +=
          fmt::format("set label {} at screen {},{} left font small_font tc rgb '#555555' front\n",
                      literal(shortened(detail, most + 2)), decimal(x), decimal(y));
    }
  }
  return text;
}

std::string count(std::int64_t n, std::string_view what) {
  std::string digits = std::to_string(n);
  // Thousands apart by a narrow no-break space (ISO 80000-1), from five digits on.
  if (digits.size() > 4) {
    for (std::size_t i = digits.size() - 3; i < digits.size() && i > 0;
         i -= std::min<std::size_t>(i, 3)) {
      digits.insert(i, "\u202f");
    }
  }
  return fmt::format("{} {}{}", digits, what, n == 1 ? "" : "s");
}

std::string conditions(const results::Result& result, std::string_view before) {
  std::string text{before};
  const auto add = [&](const std::string& part) {
    if (part.empty()) return;
    if (!text.empty()) text += "; ";
    text += part;
  };
  std::int64_t most = 0;
  for (const auto& c : result.cases) {
    most = std::max(most, static_cast<std::int64_t>(recordsOf(result, c.variant).size()));
  }
  add(count(most, "run"));
  // Last, because it is what may be cut.
  add(result.title.empty() ? result.scenario : result.title);
  return text;
}

std::string shortened(std::string_view text, std::size_t most) {
  std::size_t characters = 0;
  std::size_t cut = text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U) continue;
    if (characters == most - 1) cut = i;
    if (++characters <= most) continue;
    std::string_view kept = text.substr(0, cut);
    // Whole words, unless that leaves less than half.
    const std::size_t word = kept.find_last_of(' ');
    if (text[cut] != ' ' && word != std::string_view::npos && word >= cut / 2) {
      kept = kept.substr(0, word);
    }
    while (!kept.empty() && std::string_view{" ,;:-"}.find(kept.back()) != std::string_view::npos) {
      kept.remove_suffix(1);
    }
    return std::string{kept} + "\u2026";
  }
  return std::string{text};
}

namespace {

// Of the stream's time, in the scenario's.
std::optional<double> zeroOf(const metrics::StreamRecord& stream, bool fromScored) {
  if (stream.trace.empty()) return std::nullopt;
  if (!fromScored) return stream.trace.front().sent.sinceStart().seconds();
  if (stream.playout.empty()) return std::nullopt;
  const std::int64_t first = stream.playout.front().sequence;
  for (const metrics::FrameTrace& frame : stream.trace) {
    if (frame.sequence == first) return frame.sent.sinceStart().seconds();
  }
  return std::nullopt;
}

}  // namespace

std::string callTime(const results::Result& result, bool fromScored) {
  std::optional<double> zero;
  for (const metrics::RunRecord& run : result.records) {
    for (const metrics::StreamRecord& stream : run.streams) {
      const auto here = zeroOf(stream, fromScored);
      if (!here) continue;
      // Calls that begin at different times have no zero in common.
      if (zero && std::abs(*zero - *here) > 0.5) return "Time in each call (s)";
      if (!zero || *here < *zero) zero = here;
    }
  }
  if (!zero) return "Time in the call (s)";
  const double rounded = std::round(*zero * 10) / 10;
  if (rounded == 0) return "Time (s)";
  return fmt::format("Time in the call (s): 0 is {:g} s in the scenario", rounded);
}

double niceStep(double top) {
  const double power = std::pow(10.0, std::floor(std::log10(top)));
  for (const double step : {0.1, 0.2, 0.5}) {
    if (top / (step * power) <= 10) return step * power;
  }
  return power;
}

double niceAbove(double value) {
  if (!(value > 0)) return 1;
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  for (const double step : {1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0}) {
    if (value <= step * power * (1 + 1e-9)) return step * power;
  }
  return 10 * power;
}

std::string logTics(double low, double high) {
  const bool narrow = high / low < 100;  // room for more than 1, 2 and 5
  std::vector<std::string> tics;
  for (double power = std::pow(10.0, std::floor(std::log10(low))); power <= high; power *= 10) {
    for (const double step : {1.0, 1.5, 2.0, 3.0, 5.0, 7.0}) {
      if (!narrow && (step == 1.5 || step == 3.0 || step == 7.0)) continue;
      const double tic = step * power;
      if (tic >= low * 0.999 && tic <= high * 1.001) tics.push_back(decimal(tic));
    }
  }
  return fmt::format("{}", fmt::join(tics, ", "));
}

bool isSound(const metrics::StreamRecord& stream) {
  return stream.medium == "audio";
}
bool isVideo(const metrics::StreamRecord& stream) {
  return stream.medium == "video";
}

std::vector<std::string> variantsWithRuns(const results::Result& result) {
  std::vector<std::string> names;
  for (const results::CaseInput& c : result.cases) {
    if (!recordsOf(result, c.variant).empty()) names.push_back(c.variant);
  }
  return names;
}

}  // namespace callflow::plot
