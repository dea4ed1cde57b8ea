// One loss over TCP under the magnifying glass: what becomes of the lost packet and of those behind
// it, each a row, from sending to playout.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/results/collect.h"
#include "src/results/csv.h"
#include "src/results/number.h"

namespace callflow::plot {

namespace {

using metrics::FrameFate;
using metrics::FrameTrace;
using metrics::LegCrossing;
using metrics::StreamRecord;

constexpr std::size_t kBefore = 2;  // packets shown before the lost one
constexpr std::size_t kMostRows = 18;
constexpr std::size_t kQuietBefore = 10;  // packets without a retransmission: an isolated loss
constexpr TimePoint kNever = TimePoint::max();

struct Scene {
  std::string variant;
  const StreamRecord* stream = nullptr;
  std::size_t lost = 0;  // index in the trace
  std::size_t end = 0;
};

// When the frame was handed on in order though it had come before.
const LegCrossing* held(const FrameTrace& frame) {
  for (const LegCrossing& c : frame.crossings) {
    if (c.arrived != kNever && c.delivered != kNever && c.delivered > c.arrived) return &c;
  }
  return nullptr;
}

std::ptrdiff_t copiesLost(const FrameTrace& frame) {
  return std::count_if(frame.crossings.begin(), frame.crossings.end(),
                       [](const LegCrossing& c) { return c.arrived == kNever; });
}

// The isolated loss that holds most packets up.
std::optional<Scene> sceneOf(const results::Result& result) {
  std::optional<Scene> best;
  for (const std::string& variant : variantsWithRuns(result)) {
    for (const metrics::RunRecord* run : recordsOf(result, variant)) {
      for (const StreamRecord& s : run->streams) {
        if (s.transport != "tcp") continue;
        std::size_t quiet = 0;
        for (std::size_t i = 0; i < s.trace.size(); ++i) {
          const std::ptrdiff_t loss = copiesLost(s.trace[i]);
          if (loss == 1 && quiet >= kQuietBefore && s.trace[i].received != kNever) {
            std::size_t end = i + 1;
            while (end < s.trace.size() && held(s.trace[end]) != nullptr) ++end;
            const std::size_t rows = end - i;
            const std::size_t known = best ? best->end - best->lost : 0;
            if (rows + kBefore + 2 <= kMostRows && rows > known) best = Scene{variant, &s, i, end};
          }
          quiet = loss > 0 ? 0 : quiet + 1;
        }
      }
    }
    if (best) return best;  // of the first variant over TCP
  }
  return best;
}

}  // namespace

Drawn oneLoss(const results::Result& result) {
  const std::optional<Scene> found = sceneOf(result);
  if (!found) return {std::nullopt, "no traced stream has an isolated loss over TCP"};
  const Scene& scene = *found;
  const auto& trace = scene.stream->trace;
  const std::size_t first = scene.lost >= kBefore ? scene.lost - kBefore : 0;
  const std::size_t end = std::min({scene.end + 2, trace.size(), first + kMostRows});
  const TimePoint origin = trace[scene.lost].sent;
  const auto ms = [&](TimePoint t) { return (t - origin).milliseconds(); };

  results::CsvWriter csv({"what", "row", "from[ms]", "to[ms]", "sequence"});
  double earliest = 0, latest = 0;
  const auto add = [&](std::string_view what, std::size_t row, TimePoint from, TimePoint to) {
    csv.row({std::string(what), std::to_string(row), results::numberText(ms(from)),
             results::numberText(ms(to)), std::to_string(trace[row + first].sequence)});
    earliest = std::min(earliest, ms(from));
    latest = std::max(latest, ms(to));
  };
  std::size_t waited = 0;
  for (std::size_t i = first; i < end; ++i) {
    const FrameTrace& frame = trace[i];
    const std::size_t row = i - first;
    TimePoint networkFrom = frame.sent;
    for (const LegCrossing& c : frame.crossings) {
      // Under a millisecond is what a relay or proxy takes.
      const bool byTcp =
          c.leg >= 0 && scene.stream->legs.at(static_cast<std::size_t>(c.leg)).transport == "tcp";
      if (byTcp && c.copy == 1 && c.sent - networkFrom >= Duration::ms(1))
        add("window", row, networkFrom, c.sent);
      if (c.arrived == kNever) {
        add("lost", row, c.sent, c.sent);
        continue;
      }
      add(c.copy > 1 ? "again" : "way", row, c.sent, c.arrived);
      if (c.delivered != kNever) {
        if (c.delivered > c.arrived) add("held", row, c.arrived, c.delivered);
        networkFrom = c.delivered;
      }
    }
    if (i > scene.lost && held(frame) != nullptr) ++waited;
    add("sent", row, frame.sent, frame.sent);
    if (frame.fate == FrameFate::played && frame.played != kNever) {
      add("buffer", row, frame.received, frame.played);
      add("played", row, frame.played, frame.played);
    } else if (frame.received != kNever) {
      add("late", row, frame.received, frame.received);
    }
  }

  Layout layout;
  layout.height = 520;
  layout.right = 190;
  const double repair = trace[scene.lost].received == kNever
                            ? 0
                            : (trace[scene.lost].received - trace[scene.lost].sent).milliseconds();
  std::string script =
      prelude("one-loss", layout,
              fmt::format("One lost packet comes after {:.0f} ms and holds up {} behind it", repair,
                          count(static_cast<std::int64_t>(waited), "packet")),
              conditions(result, fmt::format("{}, {} to {}; each row a packet", scene.variant,
                                             scene.stream->from, scene.stream->to)));
  const std::size_t rows = end - first;
  script += fmt::format(
      "set xrange [{}:{}]\nset yrange [{}:-1]\nset grid xtics noytics\n"
      "set xlabel 'Time since the lost packet was sent (ms)'\nset ylabel 'Packet'\nset ytics (",
      decimal(earliest - 10), decimal(latest * 1.02 + 5), std::to_string(rows));
  for (std::size_t row = 0; row < rows; ++row) {
    script += fmt::format("{}'{}' {}", row == 0 ? "" : ", ", trace[row + first].sequence, row);
  }
  script += ")\n";
  struct Style {
    const char* what;
    const char* label;
    const char* how;
    const char* colour;
  };
  const Style bars[] = {
      {"window", "waits for TCP's window", "lw 7", "#E69F00"},
      {"way", "on its way", "lw 2", "#0072B2"},
      {"again", "sent again", "lw 3.5", "#D55E00"},
      {"held", "held back: not in order", "lw 7", "#CC79A7"},
      {"buffer", "in the jitter buffer", "lw 7", "#c8c8c8"},
  };
  const Style marks[] = {
      {"lost", "lost", "pt 2 ps 1.6 lw 3", "#D55E00"},
      {"sent", "sent", "pt 6 ps 0.7 lw 1.5", "#000000"},
      {"played", "played", "pt 7 ps 0.8", "#009E73"},
      {"late", "too late: concealed", "pt 8 ps 1.2 lw 2", "#D55E00"},
  };
  std::vector<std::string> plots;
  const auto only = [](const char* what, const char* column) {
    return fmt::format("(strcol(1) eq '{}' ? ${} : NaN)", what, column);
  };
  double height = 0.96;
  const auto legend = [&](const Style& style, bool line) {
    script += fmt::format("set label {} at graph 1.06,{} left tc rgb '#333333' font small_font\n",
                          literal(style.label), decimal(height));
    if (line) {
      script +=
          fmt::format("set arrow from graph 1.015,{0} to graph 1.05,{0} nohead {1} lc rgb '{2}'\n",
                      decimal(height), style.how, style.colour);
    } else {
      script += fmt::format("set label ' ' at graph 1.033,{} point {} lc rgb '{}'\n",
                            decimal(height), style.how, style.colour);
    }
    height -= 0.07;
  };
  const std::string data = csv.text();
  for (const Style& style : bars) {
    if (data.find(std::string("\n") + style.what + ",") == std::string::npos) continue;
    plots.push_back(fmt::format(
        "'one-loss.csv' using {}:2:($4-$3):(0) skip 1 with vectors nohead {} lc rgb '{}'",
        only(style.what, "3"), style.how, style.colour));
    legend(style, true);
  }
  for (const Style& style : marks) {
    if (data.find(std::string("\n") + style.what + ",") == std::string::npos) continue;
    plots.push_back(fmt::format("'one-loss.csv' using {}:2 skip 1 with points {} lc rgb '{}'",
                                only(style.what, "3"), style.how, style.colour));
    legend(style, false);
  }
  script += fmt::format("plot {}\n", fmt::join(plots, ", \\\n     "));
  return {Figure{"one-loss", script, data}, {}};
}

}  // namespace callflow::plot
