// When to probe, and at which rate: as a call starts, as long as the probes find more, as more
// could be used, and after a great fall (libwebrtc, goog_cc/probe_controller.cc).
#pragma once

#include <optional>
#include <vector>

#include "models/congestion/controller.h"
#include "src/units/units.h"

namespace callflow::gcc {

// What holds the estimate where it is.
enum class Limit {
  lossIncreasing,  // losses, but it rises
  loss,            // losses
  delay,           // the delay-based estimate, which sees nothing wrong
  delayIncreased,  // a queue that grows, or is being drained
  highRoundTrip,   // the back-off by round trips
};

class ProbeController {
 public:
  // Probes begin at once. Without a greatest rate (unlimited) they end at 5 Mbit/s.
  void begin(DataRate start, DataRate most, TimePoint now);
  void setMost(DataRate most, TimePoint now);
  // What the streams can use at most, together; zero: not known.
  void setAllocation(DataRate most, TimePoint now);
  void onEstimate(DataRate rate, Limit limit, TimePoint now);
  // Since when the application has been limited; empty: it is not.
  void setLimitedSince(std::optional<TimePoint> since) { limitedSince_ = since; }
  void onLimitEnded(TimePoint now) { limitEnded_ = now; }
  // As a queue that had grown is empty again.
  void onRecovered(TimePoint now);
  // From time to time, libwebrtc: every 25 ms.
  void process(TimePoint now);
  // Regularly while the application is limited: off, unless the application asks for it.
  void setPeriodic(bool periodic) { periodic_ = periodic; }
  // Another path: what was found of the old one is worth nothing. `begin` follows.
  void reset(TimePoint now);

  // What is to be sent, once.
  std::vector<congestion::Probe> take();

 private:
  enum class State { before, waiting, complete };

  void probe(const std::vector<DataRate>& rates, bool further, TimePoint now);
  std::optional<DataRate> highest() const;

  State state_ = State::before;
  Limit limit_ = Limit::delay;
  DataRate estimate_, most_, allocation_;
  DataRate furtherAbove_ = DataRate::unlimited();  // a result above this calls for the next probe
  TimePoint lastProbe_;
  std::optional<TimePoint> limitedSince_, limitEnded_;
  TimePoint fell_;
  std::optional<TimePoint> recoveryProbe_;
  DataRate beforeFall_;
  bool periodic_ = false;

  int next_ = 0;  // number of a probe
  std::vector<congestion::Probe> probes_;
};

}  // namespace callflow::gcc
