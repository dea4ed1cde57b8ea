#include "src/plot/one_loss/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "src/plot/figure.h"
#include "src/results/collect.h"
#include "src/results/csv.h"
#include "src/results/number.h"

namespace callflow::plot::one_loss {

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

Found<Data> dataOf(const results::Result& result) {
  const std::optional<Scene> found = sceneOf(result);
  if (!found) return {std::nullopt, "no traced stream has an isolated loss over TCP"};
  const Scene& scene = *found;
  const auto& trace = scene.stream->trace;
  const std::size_t first = scene.lost >= kBefore ? scene.lost - kBefore : 0;
  const std::size_t end = std::min({scene.end + 2, trace.size(), first + kMostRows});
  const TimePoint origin = trace[scene.lost].sent;
  const auto ms = [&](TimePoint t) { return (t - origin).milliseconds(); };

  results::CsvWriter csv({"what", "row", "from[ms]", "to[ms]", "sequence"});
  Data data;
  const auto add = [&](std::string_view what, std::size_t row, TimePoint from, TimePoint to) {
    data.kinds.emplace(what);
    csv.row({std::string(what), std::to_string(row), results::numberText(ms(from)),
             results::numberText(ms(to)), std::to_string(trace[row + first].sequence)});
    data.earliest = std::min(data.earliest, ms(from));
    data.latest = std::max(data.latest, ms(to));
  };
  std::size_t waited = 0;
  for (std::size_t i = first; i < end; ++i) {
    const FrameTrace& frame = trace[i];
    const std::size_t row = i - first;
    data.sequences.push_back(frame.sequence);
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
  const double repair = trace[scene.lost].received == kNever
                            ? 0
                            : (trace[scene.lost].received - trace[scene.lost].sent).milliseconds();
  data.title = fmt::format("One lost packet comes after {:.0f} ms and holds up {} behind it",
                           repair, count(static_cast<std::int64_t>(waited), "packet"));
  data.subtitle = conditions(result, fmt::format("{}, {} to {}; each row a packet", scene.variant,
                                                 scene.stream->from, scene.stream->to));
  data.table = csv.text();
  return {std::move(data), {}};
}

}  // namespace callflow::plot::one_loss
