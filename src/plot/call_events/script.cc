#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "src/plot/call_events/data.h"
#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"

namespace callflow::plot::call_events {

namespace {

// Of more lanes only the first are drawn; the table has all.
constexpr std::size_t kMostLanes = 16;
constexpr double kLaneHeight = 46;  // pixels, of 1 on the axis
constexpr double kLetter = 7.2;     // pixels, of the small font at most

// Where in a lane its bands lie.
struct Row {
  std::string_view band;
  double top, bottom;
};
constexpr Row kState{"state", 0.12, 0.46};
constexpr Row kPath{"path", 0.46, 0.76};
constexpr Row kSilent{"silence", 0.80, 0.90};

struct Look {
  const Row& row;
  std::string_view what, fill, text;
};
// Fills differ in lightness as well as in hue (Okabe-Ito, and tints of it for paths).
constexpr std::array<Look, 11> kLooks = {{
    {kState, "checking", "#BBBBBB", "#222222"},
    {kState, "connected", "#009E73", "#ffffff"},
    {kState, "disconnected", "#E69F00", "#222222"},
    {kState, "failed", "#D55E00", "#ffffff"},
    {kPath, "host", "#CFE3F2", "#222222"},
    {kPath, "srflx", "#8FC1E3", "#222222"},
    {kPath, "prflx", "#8FC1E3", "#222222"},
    {kPath, "relay udp", "#CC79A7", "#222222"},
    {kPath, "relay tcp", "#9C4A7B", "#ffffff"},
    {kPath, "relay tls", "#6B2A55", "#ffffff"},
    {kPath, "peer's relay", "#E6BCD3", "#222222"},
}};

const std::vector<Band>& bandsOf(const Lane& lane, const Look& look) {
  return look.row.band == kState.band ? lane.states : lane.paths;
}

// A rectangle for each band of one look, from the table.
std::string boxes(const Row& row, std::string_view what, std::string_view fill, double below) {
  const std::string mine =
      what.empty() ? fmt::format("strcol(2) eq '{}'", row.band)
                   : fmt::format("strcol(2) eq '{}' && strcol(3) eq {}", row.band, literal(what));
  return fmt::format(
      "'call-events.csv' using ({} && $1 < {} ? ($4 + $5) / 2 : NaN):($1 + {}):4:5:($1 + {}):($1 + "
      "{}) skip 1 with boxxyerror fs solid 1.0 noborder lc rgb '{}'",
      mine, decimal(below), decimal((row.top + row.bottom) / 2), decimal(row.top),
      decimal(row.bottom), fill);
}

std::string text(std::string_view words, double x, double y, std::string_view more) {
  return fmt::format("set label {} at first {},{} {}\n", literal(words), decimal(x), decimal(y),
                     more);
}

// What a lane says in words: who, the bands that have room, restarts and the end.
std::string labelsOf(const Lane& lane, double pixelsPerSecond) {
  std::string script =
      fmt::format("set label {} at graph 0,first {} right offset -1,0 tc rgb '#222222' front\n",
                  literal(shortened(lane.participant, 18)), decimal(lane.y + 0.45));
  const double endWidth = lane.end.empty() ? 0 : kLetter * static_cast<double>(lane.end.size() + 7);
  for (const Look& look : kLooks) {
    for (const Band& band : bandsOf(lane, look)) {
      if (band.what != look.what) continue;
      const bool last = look.row.band == kState.band && band.to == lane.states.back().to;
      const double room = (band.to - band.from) * pixelsPerSecond - (last ? endWidth : 0);
      if (room < kLetter * static_cast<double>(look.what.size()) + 6) continue;
      script += text(look.what, band.from, lane.y + (look.row.top + look.row.bottom) / 2,
                     fmt::format("left offset 0.5,0 font small_font tc rgb '{}' front", look.text));
    }
  }
  // Short, so as to cross no words.
  for (const double at : lane.restarts) {
    script += fmt::format(
        "set arrow from first {0},{1} to first {0},{2} nohead lw 2 lc rgb '#000000' front\n",
        decimal(at), decimal(lane.y + 0.01), decimal(lane.y + kState.top + 0.04));
  }
  if (!lane.end.empty() && !lane.states.empty()) {
    script +=
        text("ended " + lane.end, lane.states.back().to, lane.y + (kState.top + kState.bottom) / 2,
             "right offset -0.5,0 font small_font tc rgb '#000000' front");
  }
  return script;
}

// Squares beside the plot for what is drawn in it.
class Legend {
 public:
  explicit Legend(const Layout& layout) : layout_(layout) {}

  void add(std::string_view words, std::string_view fill) {
    script_ += fmt::format("set label '' at screen {},{} point pt 5 ps 1.3 lc rgb '{}' front\n",
                           x(16), y(0), fill);
    say(words);
  }
  void addRestart() {
    script_ += fmt::format(
        "set arrow from screen {0},{1} to screen {0},{2} nohead lw 2 lc rgb '#000000' front\n",
        x(16), y(4), y(-4));
    say("ICE is restarted");
  }
  void gap() { y_ += kLine / 2; }
  const std::string& script() const { return script_; }
  static constexpr double kLine = 18;  // pixels

 private:
  std::string x(double pixels) const {
    return decimal(1 - (layout_.right - pixels) / layout_.width);
  }
  std::string y(double below) const { return decimal(1 - (y_ + below) / layout_.height); }
  void say(std::string_view words) {
    script_ +=
        fmt::format("set label {} at screen {},{} left font small_font tc rgb '#222222' front\n",
                    literal(words), x(28), y(0));
    y_ += kLine;
  }

  const Layout& layout_;
  double y_ = layout_.top + 14.0;
  std::string script_;
};

bool isUsed(const Data& data, const Look& look) {
  return std::any_of(data.groups.begin(), data.groups.end(), [&](const Group& group) {
    return std::any_of(group.lanes.begin(), group.lanes.end(), [&](const Lane& lane) {
      const auto& bands = bandsOf(lane, look);
      return std::any_of(bands.begin(), bands.end(),
                         [&](const Band& band) { return band.what == look.what; });
    });
  });
}

template <class Has>
bool anyLane(const Data& data, Has has) {
  return std::any_of(data.groups.begin(), data.groups.end(), [&](const Group& group) {
    return std::any_of(group.lanes.begin(), group.lanes.end(), has);
  });
}

}  // namespace

Figure figureOf(const Data& data) {
  Layout layout;
  layout.left = 150;
  layout.right = 150;
  double below = 0;
  std::size_t lanes = 0;
  for (const Group& group : data.groups)
    for (const Lane& lane : group.lanes)
      if (lanes++ < kMostLanes) below = lane.y + 1;
  constexpr int kLegendHeight = 240;
  layout.height = std::max(layout.top + layout.bottom + static_cast<int>(below * kLaneHeight),
                           layout.top + kLegendHeight);
  const double length = std::max(data.end - data.start, 0.02);
  std::string script = prelude(kName, layout, data.title, data.subtitle);
  script += fmt::format(
      "set xrange [{}:{}]\nset yrange [{}:0]\nunset ytics\nset grid noytics\nset border 1\n"
      "set xlabel 'Time (s)'\n",
      decimal(data.start), decimal(data.end), decimal(below));
  const double pixelsPerSecond = (layout.width - layout.left - layout.right) / length;
  for (const Group& group : data.groups) {
    if (group.lanes.front().y >= below) break;
    if (data.groups.size() > 1) {
      script += fmt::format("set label {} at graph 0,first {} left font bold_font front\n",
                            literal(shortened(group.variant, 60)),
                            decimal(group.lanes.front().y - kHeader / 2 + 0.08));
    }
    for (const Lane& lane : group.lanes)
      if (lane.y < below) script += labelsOf(lane, pixelsPerSecond);
  }
  Legend legend(layout);
  std::vector<std::string> plots;
  std::string_view band = kState.band;
  for (const Look& look : kLooks) {
    if (!isUsed(data, look)) continue;
    if (look.row.band != band) legend.gap();
    band = look.row.band;
    legend.add(look.what, look.fill);
    plots.push_back(boxes(look.row, look.what, look.fill, below));
  }
  legend.gap();
  if (anyLane(data, [](const Lane& lane) { return !lane.silence.empty(); })) {
    legend.add("hears nothing", "#000000");
    plots.push_back(boxes(kSilent, "", "#000000", below));
  }
  if (anyLane(data, [](const Lane& lane) { return !lane.restarts.empty(); })) legend.addRestart();
  script += legend.script();
  script += fmt::format("plot {}\n", fmt::join(plots, ", \\\n     "));
  return {kName, script, data.table};
}

}  // namespace callflow::plot::call_events
