#include "tests/models/meter_support.h"

#include <functional>
#include <queue>

namespace callflow::receiver {

StreamReport run(const MeterConfig& config, const std::vector<Duration>& fates,
                 std::optional<TimePoint> end, Duration period) {
  StreamMeter meter{config};
  struct Event {
    TimePoint at;
    std::int64_t sequence;
    bool isSent;
    bool operator>(const Event& other) const {
      if (at != other.at) return at > other.at;
      if (isSent != other.isSent) return other.isSent;
      return sequence > other.sequence;
    }
  };
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events;
  for (std::size_t k = 0; k < fates.size(); ++k) {
    const auto sequence = static_cast<std::int64_t>(k);
    events.push({TimePoint{} + period * sequence, sequence, true});
  }
  while (!events.empty()) {
    const Event event = events.top();
    events.pop();
    if (end && event.at > *end) break;
    const Duration fate = fates[static_cast<std::size_t>(event.sequence)];
    if (!event.isSent) {
      meter.received(event.sequence, event.at, propagation(fate));
      continue;
    }
    meter.sent(event.sequence, event.at, size);
    if (fate == never) meter.dropped(event.sequence);
    if (fate != never && fate != stuck) events.push({event.at + fate, event.sequence, false});
  }
  return meter.finish(end);
}

}  // namespace callflow::receiver
