#include "src/plot/delay_time/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "src/metrics/packet_delay.h"
#include "src/plot/figure.h"
#include "src/results/csv.h"
#include "src/results/number.h"
#include "src/results/run_files.h"

namespace callflow::plot::delay_time {

namespace {

using metrics::FrameFate;
using metrics::FrameTrace;
using metrics::hasCome;
using metrics::isRecovered;
using metrics::packetDelay;
using metrics::StreamRecord;

// Of a longer stream many points fall on the same dot, and a picture of them is megabytes. Then
// those that touch in a column as wide as a dot are one stroke from the first to the last, and of
// those that are marked one of a kind is kept in a place of that width and a pixel high.
constexpr std::size_t kMostPoints = 6000;
constexpr double kColumns = 285, kRows = 334;  // of the plot's 570 by 334 pixels
constexpr int kDot = 2;                        // rows that a dot is high, at least

struct Trace {
  Series series;
  int replication = 0;
  const metrics::RunRecord* run = nullptr;
  const StreamRecord* stream = nullptr;
  TimePoint origin;  // first frame sent
};

bool sameStream(const StreamRecord& a, const StreamRecord& b) {
  return a.call == b.call && a.from == b.from && a.to == b.to && a.medium == b.medium;
}

Duration worstDelay(const StreamRecord& s) {
  Duration worst;
  for (const FrameTrace& f : s.trace) worst = std::max(worst, packetDelay(f));
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
  t.series.variant = variant;
  for (const metrics::RunRecord* run : recordsOf(result, variant)) {
    for (const StreamRecord& s : run->streams) {
      if (t.stream != nullptr || s.trace.empty() || !sameStream(s, like)) continue;
      t.run = run;
      t.stream = &s;
      t.replication = run->replication;
      t.origin = s.trace.front().sent;
    }
  }
  if (t.stream == nullptr) return t;
  for (const FrameTrace& f : t.stream->trace) {
    if (f.copies > 1) ++t.series.retransmitted;
    if (f.fate == FrameFate::lost || isRecovered(f)) ++t.series.lost;
    if (isRecovered(f)) ++t.series.recovered;
    if (f.fate == FrameFate::late) ++t.series.late;
    t.series.largest = std::max(t.series.largest, packetDelay(f).milliseconds());
  }
  return t;
}

bool samePoints(const Trace& a, const Trace& b) {
  return std::equal(a.stream->trace.begin(), a.stream->trace.end(), b.stream->trace.begin(),
                    b.stream->trace.end(), [](const FrameTrace& x, const FrameTrace& y) {
                      return x.sent == y.sent && x.received == y.received &&
                             x.arrived == y.arrived && x.copies == y.copies;
                    });
}

std::vector<Trace> tracesOf(const results::Result& result, const StreamRecord& like) {
  std::vector<Trace> traces;
  for (const std::string& variant : variantsWithRuns(result)) {
    Trace t = traceOf(result, variant, like);
    if (t.stream == nullptr) continue;
    for (const Trace& other : traces) {
      if (!t.series.sameAs.empty() || !other.series.sameAs.empty()) continue;
      if (samePoints(other, t)) t.series.sameAs = other.series.variant;
    }
    traces.push_back(std::move(t));
  }
  return traces;
}

// Writes the points of a series.
class Points {
 public:
  Points(const Data& data, std::size_t index, Series& series, results::CsvWriter& csv)
      : end_(std::max(data.end, 1e-3)),
        highest_(std::max(data.highest, 1e-3)),
        index_(std::to_string(index)),
        series_(series),
        csv_(csv) {}

  void add(double sent, const FrameTrace& f) {
    const bool came = hasCome(f);
    const double delay = packetDelay(f).milliseconds();
    const int column = static_cast<int>(sent / end_ * kColumns);
    const int row = static_cast<int>(delay / highest_ * kRows);
    const bool marked = f.copies > 1 || f.fate != FrameFate::played || !came;
    if (series_.thinned && !marked) {
      const auto [stroke, fresh] = rows_[column].try_emplace(row, Stroke{delay, delay, &f});
      if (fresh) return;
      stroke->second.low = std::min(stroke->second.low, delay);
      stroke->second.high = std::max(stroke->second.high, delay);
      return;
    }
    if (series_.thinned && !taken_.insert({column, row, f.copies > 1, !came, f.fate}).second)
      return;
    write(sent, came ? results::numberText(delay) : std::string{},
          came ? results::numberText(delay) : std::string{}, f);
  }

  // The strokes, from the left.
  void finish() {
    for (const auto& [column, rows] : rows_) {
      const double sent = (column + 0.5) / kColumns * end_;
      for (auto at = rows.begin(); at != rows.end();) {
        Stroke stroke = at->second;
        int last = at->first;
        for (++at; at != rows.end() && at->first - last <= kDot; ++at) {
          stroke.high = at->second.high;
          last = at->first;
        }
        write(sent, results::numberText(stroke.low), results::numberText(stroke.high),
              *stroke.first);
      }
    }
  }

 private:
  struct Stroke {
    double low, high;  // ms
    const FrameTrace* first;
  };

  void write(double sent, const std::string& low, const std::string& high, const FrameTrace& f) {
    ++series_.points;
    csv_.row({index_, results::numberText(sent), low, f.copies > 1 ? "1" : "0",
              std::string{results::name(f.fate)}, std::to_string(f.sequence), series_.variant, high,
              isRecovered(f) ? "1" : "0"});
  }

  double end_, highest_;
  std::string index_;
  Series& series_;
  results::CsvWriter& csv_;
  std::map<int, std::map<int, Stroke>> rows_;  // by column
  std::set<std::tuple<int, int, bool, bool, FrameFate>> taken_;
};

// What happened to the call that the stream is of.
std::vector<Mark> marksOf(const Trace& t, std::size_t series) {
  for (const metrics::CallRecord& call : t.run->calls) {
    const auto has = [&](const std::string& name) {
      return std::any_of(call.participants.begin(), call.participants.end(),
                         [&](const auto& who) { return who.name == name; });
    };
    if (call.call == t.stream->call && has(t.stream->from) && has(t.stream->to))
      return plot::marksOf(call, t.origin.sinceStart(), series);
  }
  return {};
}

std::string titleOf(const std::vector<Trace>& traces, const Trace& worst) {
  if (worst.series.retransmitted > 0) {
    return fmt::format(
        "Packets sent again over TCP hold up those behind them: up to {:.0f} ms in {}",
        worst.series.largest, worst.series.variant);
  }
  const bool alike = std::all_of(traces.begin(), traces.end(), [&](const Trace& t) {
    return worst.series.largest - t.series.largest < 1;
  });
  return fmt::format("Delay of each packet: up to {:.0f} ms{}", worst.series.largest,
                     traces.size() == 1 ? ""
                     : alike            ? " in every variant"
                                        : " in " + worst.series.variant);
}

}  // namespace

Found<Data> dataOf(const results::Result& result) {
  const StreamRecord* like = chosen(result);
  if (like == nullptr) return {std::nullopt, "no run was traced (callflow run --trace)"};
  std::vector<Trace> traces = tracesOf(result, *like);
  const auto byLargest = [](const Trace& a, const Trace& b) {
    return a.series.largest < b.series.largest;
  };
  const Trace& worst = *std::max_element(traces.begin(), traces.end(), byLargest);
  Data data;
  data.title = titleOf(traces, worst);
  data.subtitle =
      fmt::format("{}: {} to {}, run {}; {}", like->call, like->from, like->to, worst.replication,
                  result.title.empty() ? result.scenario : result.title);
  data.timeAxis = callTime(result, false);
  data.highest = worst.series.largest;
  for (const Trace& t : traces)
    data.end = std::max(data.end, (t.stream->trace.back().sent - t.origin).seconds());

  results::CsvWriter csv({"series", "sent[s]", "delay[ms]", "retransmitted", "fate", "sequence",
                          "variant", "to[ms]", "recovered"});
  for (std::size_t i = 0; i < traces.size(); ++i) {
    Trace& t = traces[i];
    t.series.thinned = t.stream->trace.size() > kMostPoints;
    Points points(data, i, t.series, csv);
    for (const FrameTrace& f : t.stream->trace) points.add((f.sent - t.origin).seconds(), f);
    points.finish();
    if (i < kMostSeries) {
      const auto marks = marksOf(t, i);
      data.marks.insert(data.marks.end(), marks.begin(), marks.end());
    }
    data.series.push_back(t.series);
  }
  data.table = csv.text();
  return {std::move(data), {}};
}

}  // namespace callflow::plot::delay_time
