#include "src/measurement/windows.h"

#include <algorithm>
#include <map>

namespace callflow::measurement {
namespace {

struct Window {
  std::vector<Duration> roundTrips;
  std::int64_t sent = 0;
};

// Of an even number the mean of the two in the middle, as usual.
Duration medianHalf(std::vector<Duration> roundTrips) {
  std::sort(roundTrips.begin(), roundTrips.end());
  const std::size_t middle = roundTrips.size() / 2;
  if (roundTrips.size() % 2 == 1) return roundTrips[middle] / 2;
  return (roundTrips[middle - 1] + roundTrips[middle]) / 4;
}

}  // namespace

Result<Measurement> inWindows(const Probes& probes, Duration step) {
  if (probes.list.empty())
    return Fault{0, "has no packet that was sent", "write what ping printed"};
  const auto bySent = [](const Probe& a, const Probe& b) { return a.sent < b.sent; };
  const Duration begin = std::min_element(probes.list.begin(), probes.list.end(), bySent)->sent;
  std::map<std::int64_t, Window> windows;
  for (const Probe& probe : probes.list) {
    if (probe.sent - begin >= kLongest)
      return Fault{0, "lasts longer than 48 h, which is the most of a trace", "cut it in pieces"};
    Window& window = windows[(probe.sent - begin) / step];
    ++window.sent;
    if (probe.roundTrip) window.roundTrips.push_back(*probe.roundTrip);
  }
  Measurement measured{
      .rows = {}, .end = step * (windows.rbegin()->first + 1), .notes = probes.notes};
  std::optional<Duration> before;
  for (const auto& [number, window] : windows) {
    const auto answered = static_cast<std::int64_t>(window.roundTrips.size());
    Row row{.at = step * number};
    row.loss = Ratio::fromDouble(static_cast<double>(window.sent - answered) /
                                 static_cast<double>(window.sent));
    if (answered > 0) before = medianHalf(window.roundTrips);
    row.delay = before;
    measured.rows.push_back(row);
  }
  if (!before)
    return Fault{0, "has no answer to any packet, so there is no delay to follow",
                 "measure to a place that answers, or write loss: 100% of the link direction"};
  // Before the first answer nobody knows; as it was then is the best guess.
  for (auto row = measured.rows.rbegin(); row != measured.rows.rend(); ++row) {
    if (row->delay)
      before = row->delay;
    else
      row->delay = before;
  }
  return measured;
}

}  // namespace callflow::measurement
