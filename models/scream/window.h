// How much may be in flight: RFC 8298 4.1.2.
#pragma once

#include <deque>
#include <optional>

#include "models/scream/parameters.h"
#include "src/units/units.h"

namespace callflow::scream {

class Window {
 public:
  explicit Window(const Parameters& parameters)
      : parameters_(parameters), window_(static_cast<double>(parameters.leastWindow.count())) {}

  void onInFlight(DataSize inFlight, TimePoint now);

  struct Acknowledged {
    DataSize size;      // since the last, lost packets among them
    DataSize inFlight;  // after it
    Duration queueing;
    Duration target;   // of the queueing
    double trend = 0;  // of it
  };
  void onAcknowledged(const Acknowledged& news);
  void onLoss();
  // Fast increase is taken up again when the trend was calm for long enough.
  void onTrend(double trend, TimePoint now);

  DataSize size() const { return DataSize::bytes(static_cast<std::int64_t>(window_)); }  // cwnd
  bool increasesFast() const { return fast_; }

 private:
  void hold();

  Parameters parameters_;
  double window_;  // bytes, with the parts that add up
  bool fast_ = true;
  std::optional<TimePoint> calmSince_;
  struct InFlight {
    TimePoint at;
    DataSize size;
  };
  std::deque<InFlight> most_;  // each less than the one before, which is older
};

}  // namespace callflow::scream
