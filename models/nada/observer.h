// What a receiver of NADA observes (RFC 8698 4.2 and 5.1), worked out by the sender from
// transport-wide feedback, which holds all that the receiver knows: section 6.4.
#pragma once

#include <deque>

#include "models/congestion/feedback.h"
#include "models/nada/loss_intervals.h"
#include "models/nada/parameters.h"
#include "src/units/units.h"

namespace callflow::nada {

class Observer {
 public:
  explicit Observer(const Parameters& parameters) : parameters_(parameters) {}

  void add(const congestion::Feedback& feedback);

  // d_queue: least of the last samples, above the least of all.
  Duration queueing() const;
  double loss() const { return loss_; }  // p_loss
  DataRate received() const;             // r_recv
  // x_curr: queueing and loss as one time.
  Duration congestion() const;
  // rmode 0: nothing lost and no queue built up of late.
  bool idle() const;

 private:
  struct Seen {
    TimePoint at;  // of a lost packet: of the next that came, by which the receiver saw it
    DataSize size;
    Duration delay;
    bool lost = false;
  };

  void note(const congestion::PacketResult& result);
  void forget();
  Duration warped(Duration queueing) const;

  Parameters parameters_;
  std::deque<Seen> recent_;      // of the window
  std::deque<Duration> delays_;  // the last few
  Duration base_ = Duration::max();
  LossIntervals intervals_;
  double loss_ = 0;
};

}  // namespace callflow::nada
