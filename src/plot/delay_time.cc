// The delay of each packet of one traced stream, and what happened to those that were sent again.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/results/csv.h"
#include "src/results/keep.h"
#include "src/results/number.h"
#include "src/results/run_files.h"

namespace callflow::plot {

namespace {

using metrics::FrameFate;
using metrics::FrameTrace;
using metrics::StreamRecord;

// More points than this lie on top of each other, and a picture of them is megabytes.
constexpr std::size_t kMostPoints = 15'000;

struct Trace {
  std::string variant;
  int replication = 0;
  const StreamRecord* stream = nullptr;
  TimePoint origin;  // first frame sent
  std::int64_t retransmitted = 0, lost = 0, late = 0;
  double largest = 0;  // ms
};

bool sameStream(const StreamRecord& a, const StreamRecord& b) {
  return a.call == b.call && a.from == b.from && a.to == b.to && a.medium == b.medium;
}

Duration worstDelay(const StreamRecord& s) {
  Duration worst;
  for (const FrameTrace& f : s.trace) {
    if (f.received != TimePoint::max()) worst = std::max(worst, f.received - f.sent);
  }
  return worst;
}

// In how many runs the stream was traced: of many streams each run keeps some.
std::size_t timesTraced(const results::Result& result, const StreamRecord& stream) {
  std::size_t times = 0;
  for (const metrics::RunRecord& run : result.records)
    for (const StreamRecord& s : run.streams)
      if (!s.trace.empty() && sameStream(s, stream)) ++times;
  return times;
}

// The stream to show: of those that all variants have, the one with the largest delay anywhere.
const StreamRecord* chosen(const results::Result& result) {
  const StreamRecord* best = nullptr;
  std::pair<std::size_t, Duration> most;
  for (const metrics::RunRecord& run : result.records) {
    for (const StreamRecord& s : run.streams) {
      if (s.trace.empty()) continue;
      const std::pair<std::size_t, Duration> mine{timesTraced(result, s), worstDelay(s)};
      if (best != nullptr && mine <= most) continue;
      best = &s;
      most = mine;
    }
  }
  return best;
}

Trace traceOf(const results::Result& result, const std::string& variant, const StreamRecord& like) {
  Trace t;
  t.variant = variant;
  for (const metrics::RunRecord* run : recordsOf(result, variant)) {
    for (const StreamRecord& s : run->streams) {
      if (t.stream != nullptr || s.trace.empty() || !sameStream(s, like)) continue;
      t.stream = &s;
      t.replication = run->replication;
      t.origin = s.trace.front().sent;
    }
  }
  if (t.stream == nullptr) return t;
  for (const FrameTrace& f : t.stream->trace) {
    if (f.copies > 1) ++t.retransmitted;
    if (f.fate == FrameFate::lost) ++t.lost;
    if (f.fate == FrameFate::late) ++t.late;
    if (f.received != TimePoint::max()) {
      t.largest = std::max(t.largest, (f.received - f.sent).milliseconds());
    }
  }
  return t;
}

// A distance of tics, 1, 2 or 5 times a power of ten, that gives 4 to 10 of them.
double tick(double top) {
  const double power = std::pow(10.0, std::floor(std::log10(top)));
  for (const double step : {0.1, 0.2, 0.5}) {
    if (top / (step * power) <= 10) return step * power;
  }
  return power;
}

}  // namespace

Drawn delayOverTime(const results::Result& result) {
  const StreamRecord* like = chosen(result);
  if (like == nullptr) return {std::nullopt, "no run was traced (callflow run --trace)"};
  std::vector<Trace> traces;
  for (const std::string& variant : variantsWithRuns(result)) {
    Trace t = traceOf(result, variant, *like);
    if (t.stream != nullptr) traces.push_back(t);
  }

  results::CsvWriter csv(
      {"series", "sent[s]", "delay[ms]", "retransmitted", "fate", "sequence", "variant"});
  double end = 0;
  double highest = 0;
  for (std::size_t i = 0; i < traces.size(); ++i) {
    const Trace& t = traces[i];
    highest = std::max(highest, t.largest);
    const auto& frames = t.stream->trace;
    const std::vector<bool> telling = frames.size() > kMostPoints
                                          ? results::tellingFrames(frames)
                                          : std::vector<bool>(frames.size(), true);
    for (std::size_t k = 0; k < frames.size(); ++k) {
      const FrameTrace& f = frames[k];
      const double sent = (f.sent - t.origin).seconds();
      end = std::max(end, sent);
      if (!telling[k]) continue;
      csv.row({std::to_string(i), results::numberText(sent),
               f.received == TimePoint::max() ? std::string{}
                                              : results::millisecondsText(f.received - f.sent),
               f.copies > 1 ? "1" : "0", std::string{results::name(f.fate)},
               std::to_string(f.sequence), t.variant});
    }
  }

  const auto byLargest = [](const Trace& a, const Trace& b) { return a.largest < b.largest; };
  const Trace& worst = *std::max_element(traces.begin(), traces.end(), byLargest);
  const std::string title =
      worst.retransmitted > 0
          ? fmt::format(
                "Packets sent again over TCP hold up those behind them: up to {:.0f} ms in {}",
                worst.largest, worst.variant)
          : fmt::format("Delay of each packet: up to {:.0f} ms in {}", worst.largest,
                        worst.variant);
  const double top = niceAbove(highest * 1.05);
  Layout layout;
  // Room for delays of four and five figures.
  layout.left =
      std::max(layout.left, 44 + 10 * static_cast<int>(fmt::format("{:.0f}", top).size()));
  std::string script = prelude(
      "delay-time", layout, title,
      fmt::format("{}: {} to {}, run {}; {}", like->call, like->from, like->to, worst.replication,
                  result.title.empty() ? result.scenario : result.title));
  // Lost packets have no delay: they stand below zero, a row for each variant that lost some.
  const double row = top * 0.04;
  const auto rows = std::count_if(
      traces.begin(),
      traces.begin() + static_cast<std::ptrdiff_t>(std::min(traces.size(), kMostSeries)),
      [](const Trace& t) { return t.lost > 0; });
  const double bottom = -row * static_cast<double>(rows);
  script += fmt::format(
      "set xrange [0:{}]\nset yrange [{}:{}]\nset ytics 0,{}\nset xlabel {}\nset ylabel 'One-way "
      "delay "
      "(ms)'\n",
      decimal(std::max(end, 0.02) * 1.01), decimal(bottom), decimal(top), decimal(tick(top)),
      literal(callTime(result, false)));
  int lostRow = 0;
  std::vector<SideLabel> labels;
  std::vector<std::string> dots;
  std::vector<std::string> marks;
  for (std::size_t i = 0; i < std::min(traces.size(), kMostSeries); ++i) {
    const Trace& t = traces[i];
    SideLabel label{(t.largest - bottom) / (top - bottom), i, t.variant, {}, false};
    if (t.retransmitted > 0)
      label.details.push_back(fmt::format("\u25cb {} sent again", t.retransmitted));
    if (t.lost > 0) label.details.push_back(fmt::format("\u00d7 {} lost", t.lost));
    if (t.late > 0) label.details.push_back(fmt::format("{} too late to play", t.late));
    if (label.details.empty()) label.details.push_back("all played");
    labels.push_back(std::move(label));
    const std::string mine = fmt::format("$1 == {}", i);
    dots.push_back(fmt::format(
        "'delay-time.csv' using ({} ? $2 : NaN):3 skip 1 with points pt 7 ps 0.32 lc rgb '{}'",
        mine, colour(i)));
    if (t.retransmitted > 0) {
      marks.push_back(
          fmt::format("'delay-time.csv' using ({} && $4 == 1 ? $2 : NaN):3 skip 1 with points pt 6 "
                      "ps 1.0 lw 1.3 lc "
                      "rgb '{}'",
                      mine, colour(i)));
    }
    if (t.lost > 0) {
      marks.push_back(
          fmt::format("'delay-time.csv' using ({} && strcol(5) eq 'lost' ? $2 : NaN):({}) skip "
                      "1 with points pt 2 ps 0.7 lw 1.3 lc rgb '{}'",
                      mine, decimal(-row * (lostRow++ + 0.5)), colour(i)));
    }
  }
  // The first variant on top: it is the one that others are held against.
  std::reverse(dots.begin(), dots.end());
  dots.insert(dots.end(), marks.begin(), marks.end());
  script += sideLabels(labels, layout);
  script += fmt::format("plot {}\n", fmt::join(dots, ", \\\n     "));
  return {Figure{"delay-time", script, csv.text()}, {}};
}

}  // namespace callflow::plot
