// How long packets queue on the path, and whether that grows: RFC 8298 4.1.2, RFC 6817 for the
// delay without a queue.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "models/scream/parameters.h"
#include "src/units/units.h"

namespace callflow::scream {

class QueueDelay {
 public:
  explicit QueueDelay(const Parameters& parameters)
      : parameters_(parameters), fractions_(parameters.fractions, 0.0) {}

  // Of the newest packet that has come; `target` is what the queue may be.
  void add(Duration oneWayDelay, Duration target, TimePoint now);

  Duration queueing() const { return queueing_; }  // qdelay: of that packet
  // qdelay_trend, 0 to 1: how full the queue is of late, and whether it stays so.
  double trend() const { return trend_; }
  double remembered() const { return remembered_; }  // qdelay_trend_mem: its highest, fading

 private:
  void remember(Duration oneWayDelay, TimePoint now);
  void sample(double fraction, TimePoint now);
  double persistence() const;

  Parameters parameters_;
  std::deque<Duration> least_;  // of each minute
  std::int64_t minute_ = -1;
  Duration queueing_;
  double average_ = 0;            // qdelay_fraction_avg
  std::deque<double> fractions_;  // qdelay_fraction_hist
  double fraction_ = 0;           // now
  std::optional<TimePoint> lastSample_;
  double trend_ = 0;
  double remembered_ = 0;
};

}  // namespace callflow::scream
