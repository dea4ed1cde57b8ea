// Which packets are to leave as part of a probe, and when (libwebrtc,
// modules/pacing/bitrate_prober.cc). A probe begins with a media packet and leaves in small bursts,
// each as much as its rate carries in its spacing.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "models/congestion/controller.h"

namespace callflow::pacing {

// What of a probe is to leave now.
struct ProbeBurst {
  int cluster = congestion::kNoCluster;
  DataSize size;       // at least
  bool first = false;  // of its probe
};

class Prober {
 public:
  // What was asked for more than 5 s before it, or is one of more than five, is given up.
  void add(const congestion::Probe& probe);
  // Media waits to be sent: with a packet that is large enough, probing begins.
  void onQueued(DataSize size, TimePoint now);

  bool active() const { return active_; }
  // When the next burst is due; of an active prober.
  TimePoint nextTime() const { return next_; }
  // Gives up the probe if it is more than 10 ms late. Empty: there is no other.
  std::optional<ProbeBurst> burst(TimePoint now);
  // The burst has left.
  void onSent(DataSize size, TimePoint now);

 private:
  struct Waiting {
    congestion::Probe probe;
    TimePoint begun;
    DataSize sent;
    int bursts = 0;
  };

  DataSize burstSize() const;

  std::deque<Waiting> probes_;
  bool active_ = false;
  bool timed_ = false;  // next_ follows from a burst
  TimePoint next_;
};

}  // namespace callflow::pacing
