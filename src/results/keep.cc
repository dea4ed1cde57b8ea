#include "src/results/keep.h"

#include <algorithm>
#include <vector>

#include "src/metrics/packet_delay.h"

namespace callflow::results {

namespace {

using metrics::FrameFate;
using metrics::FrameTrace;
using metrics::packetDelay;
using metrics::StreamRecord;

constexpr TimePoint kNever = TimePoint::max();
// Frames around one that something happened to, on each side.
constexpr std::size_t kNeighbours = 2;
// Places on the time axis of a picture that is some 600 pixels wide.
constexpr std::size_t kPlaces = 1'000;

Duration worstDelay(const StreamRecord& stream) {
  Duration worst;
  for (const FrameTrace& frame : stream.trace) worst = std::max(worst, packetDelay(frame));
  return worst;
}

bool isPlain(const FrameTrace& frame) {
  return frame.fate == FrameFate::played && frame.copies <= 1 &&
         std::all_of(frame.crossings.begin(), frame.crossings.end(), [](const auto& crossing) {
           return crossing.arrived != kNever && crossing.delivered == crossing.arrived;
         });
}

std::vector<bool> streamsToKeep(const metrics::RunRecord& run) {
  std::vector<std::size_t> traced;
  for (std::size_t i = 0; i < run.streams.size(); ++i)
    if (!run.streams[i].trace.empty()) traced.push_back(i);
  std::vector<bool> keep(run.streams.size(), false);
  if (traced.size() > kTracedStreams) {
    std::vector<Duration> worst(run.streams.size());
    for (const std::size_t i : traced) worst[i] = worstDelay(run.streams[i]);
    const auto rest = traced.begin() + kTracedStreams / 2;
    std::stable_sort(rest, traced.end(),
                     [&](std::size_t a, std::size_t b) { return worst[a] > worst[b]; });
    traced.resize(kTracedStreams);
  }
  for (const std::size_t i : traced) keep[i] = true;
  return keep;
}

void thin(std::vector<FrameTrace>& trace) {
  const std::vector<bool> keep = tellingFrames(trace);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    if (!keep[i]) continue;
    if (kept != i) trace[kept] = std::move(trace[i]);
    ++kept;
  }
  trace.resize(kept);
  trace.shrink_to_fit();
}

}  // namespace

std::vector<bool> tellingFrames(const std::vector<FrameTrace>& trace) {
  std::vector<bool> keep(trace.size(), false);
  for (std::size_t i = 0; i < trace.size(); ++i) {
    if (isPlain(trace[i])) continue;
    const std::size_t end = std::min(trace.size(), i + kNeighbours + 1);
    for (std::size_t k = i < kNeighbours ? 0 : i - kNeighbours; k < end; ++k) keep[k] = true;
  }
  const std::size_t step = std::max<std::size_t>(1, trace.size() / kPlaces);
  for (std::size_t start = 0; start < trace.size(); start += step) {
    const auto begin = trace.begin() + static_cast<std::ptrdiff_t>(start);
    const auto end =
        trace.begin() + static_cast<std::ptrdiff_t>(std::min(trace.size(), start + step));
    const auto [fastest, slowest] = std::minmax_element(
        begin, end, [](const auto& a, const auto& b) { return packetDelay(a) < packetDelay(b); });
    keep[start] = true;
    keep[static_cast<std::size_t>(fastest - trace.begin())] = true;
    keep[static_cast<std::size_t>(slowest - trace.begin())] = true;
  }
  return keep;
}

void thinTraces(metrics::RunRecord& run) {
  const std::vector<bool> keep = streamsToKeep(run);
  std::size_t frames = 0;
  bool all = true;
  for (std::size_t i = 0; i < run.streams.size(); ++i) {
    if (keep[i]) frames += run.streams[i].trace.size();
    all = all && (keep[i] || run.streams[i].trace.empty());
  }
  const bool whole = frames <= kTracedFrames;
  for (std::size_t i = 0; i < run.streams.size(); ++i) {
    StreamRecord& stream = run.streams[i];
    if (!whole || !all) stream.playout = {};
    if (!keep[i]) stream.trace = {};
    if (keep[i] && !whole) thin(stream.trace);
  }
}

}  // namespace callflow::results
