#include "src/measurement/windows.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "src/measurement/words.h"

namespace callflow::measurement {
namespace {

struct Window {
  std::vector<Duration> roundTrips;
  std::int64_t sent = 0;
  std::int64_t lost = 0;
};

// Of an even number the mean of the two in the middle, as usual.
Duration medianHalf(std::vector<Duration> roundTrips) {
  std::sort(roundTrips.begin(), roundTrips.end());
  const std::size_t middle = roundTrips.size() / 2;
  if (roundTrips.size() % 2 == 1) return roundTrips[middle] / 2;
  return (roundTrips[middle - 1] + roundTrips[middle]) / 4;
}

// If both ways lose alike and by chance, a packet and its answer get through with (1 - loss)^2.
Ratio oneWayLoss(const Window& window, bool bothWays) {
  const double lost = static_cast<double>(window.lost) / static_cast<double>(window.sent);
  return Ratio::fromDouble(bothWays ? 1 - std::sqrt(1 - lost) : lost);
}

// Where nothing was answered it is as before; of the first as in the first that was. False if none.
bool fillDelays(std::vector<Row>& rows) {
  const auto known =
      std::find_if(rows.begin(), rows.end(), [](const Row& row) { return row.delay.has_value(); });
  if (known == rows.end()) return false;
  std::optional<Duration> before = known->delay;
  for (Row& row : rows) {
    if (row.delay) before = row.delay;
    row.delay = before;
  }
  return true;
}

}  // namespace

Result<Measurement> inWindows(const Probes& probes, Duration step) {
  if (probes.list.empty())
    return Faults{{0, "has no packet that was sent", "write what ping printed"}};
  const auto bySent = [](const Probe& a, const Probe& b) { return a.sent < b.sent; };
  const Duration begin = std::min_element(probes.list.begin(), probes.list.end(), bySent)->sent;
  std::map<std::int64_t, Window> windows;
  for (const Probe& probe : probes.list) {
    if (probe.sent - begin >= kLongest)
      return Faults{
          {0, "lasts longer than 48 h, which is the most of a trace", "cut it in pieces"}};
    Window& window = windows[(probe.sent - begin) / step];
    ++window.sent;
    if (probe.roundTrip)
      window.roundTrips.push_back(*probe.roundTrip);
    else if (!probe.arrived)
      ++window.lost;
  }
  Measurement measured{.rows = {},
                       .end = std::min(times(step, windows.rbegin()->first + 1), kLongest),
                       .notes = probes.notes};
  for (const auto& [number, window] : windows) {
    Row row{.at = times(step, number), .loss = oneWayLoss(window, probes.bothWays)};
    if (!window.roundTrips.empty()) row.delay = medianHalf(window.roundTrips);
    measured.rows.push_back(row);
  }
  if (!fillDelays(measured.rows))
    return Faults{{0, "has no answer to any packet, so there is no delay to follow",
                   "measure to a place that answers, or write loss: 100% of the link direction"}};
  return measured;
}

}  // namespace callflow::measurement
