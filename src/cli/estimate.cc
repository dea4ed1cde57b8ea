#include "src/cli/estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "src/results/keep.h"

namespace callflow::cli {
namespace {

// About what `bench/many_calls` (UDP, 7 links) and `callflow run scenarios/office-firewall.yaml`
// took with one variant at a time (TCP: a relay between two legs, acknowledgements, RTCP).
constexpr Duration kUdpFrame = Duration::us(3);
constexpr Duration kTcpFrame = Duration::us(15);
constexpr Duration kStart = Duration::ms(8);  // of a process with its network

// Bytes on the disk, measured of scenarios/office-firewall.yaml and of 200 calls of 60 s (gzip
// included where there is some).
constexpr DataSize kPerRun = DataSize::bytes(20'000);
constexpr DataSize kPerStream = DataSize::bytes(3'500);  // paths, totals, delay by cause, histogram
constexpr DataSize kPerWindow = DataSize::bytes(180);
constexpr DataSize kPerTracedFrame = DataSize::bytes(40);
constexpr DataSize kPerSummary = DataSize::bytes(35'000);  // of a stream or call, in each variant
constexpr DataSize kPerPictures = DataSize::bytes(1'200'000);
constexpr Duration kWindow = Duration::s(10);

struct Size {
  std::int64_t streams = 0, frames = 0, windows = 0, calls = 0;
};

Size sizeOf(const topology::Case& one) {
  Size size;
  for (const topology::Call& call : one.calls) {
    const auto people = static_cast<std::int64_t>(call.participants.size());
    const auto senders =
        call.senders.empty() ? people : static_cast<std::int64_t>(call.senders.size());
    const std::int64_t streams = senders * (people - 1);
    size.calls += 1;
    size.streams += streams;
    size.frames +=
        streams * (call.duration.count() / std::max<std::int64_t>(1, call.audio.frame.count()));
    size.windows += streams * (call.duration.count() / kWindow.count() + 1);
  }
  return size;
}

Duration endOf(const topology::Case& one, Duration drain) {
  Duration end;
  for (const auto& call : one.calls) end = std::max(end, call.start + call.setup + call.duration);
  return end + drain;
}

}  // namespace

Estimate estimate(const topology::Scenario& scenario, const std::vector<Task>& tasks, Trace trace,
                  bool pictures) {
  Estimate all;
  all.runs = tasks.size();
  for (const Task& task : tasks) {
    const Size size = sizeOf(*task.input);
    all.simulated += endOf(*task.input, scenario.drain);
    all.overUdp += kStart + kUdpFrame * size.frames;
    all.overTcp += kStart + kTcpFrame * size.frames;
    all.disk += kPerRun + kPerStream * size.streams + kPerWindow * size.windows;
    if (!isTraced(trace, task)) continue;
    std::int64_t frames = size.frames;
    if (trace == Trace::pictures && size.streams > 0) {
      const auto most = static_cast<std::int64_t>(results::kTracedStreams);
      frames = frames / size.streams * std::min(size.streams, most);
      frames = std::min(frames, static_cast<std::int64_t>(results::kTracedFrames));
    }
    all.disk += kPerTracedFrame * frames;
  }
  for (const topology::Case& one : scenario.cases) {
    const Size size = sizeOf(one);
    all.disk += kPerSummary * (size.streams + size.calls + 1);
  }
  if (pictures) all.disk += kPerPictures;
  return all;
}

std::string sizeText(DataSize size) {
  const double bytes = static_cast<double>(size.count());
  if (bytes < 1e6) return fmt::format("{:.0f} kB", std::ceil(bytes / 1e3));
  if (bytes < 1e9) return fmt::format("{:.{}f} MB", bytes / 1e6, bytes < 1e7 ? 1 : 0);
  return fmt::format("{:.1f} GB", bytes / 1e9);
}

std::string lengthText(Duration length) {
  const double seconds = length.seconds();
  if (seconds < 1) return "less than a second";
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace callflow::cli
