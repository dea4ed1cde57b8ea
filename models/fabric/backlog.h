// What a link has accepted and not wholly put on the wire, so that it can be timed anew when the
// link changes.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "models/fabric/link.h"
#include "src/units/units.h"

namespace callflow::fabric {

class Backlog {
 public:
  // A packet that takes `size` bytes on the line was accepted; `draw` is its random part of the
  // delay, `rounded_up` what its departure is later than the exact one, in units of 1 / rate ns.
  // Not for links of unlimited rate, where nothing waits.
  void add(std::int64_t size, PacketId id, TimePoint now, const Transmission& said, Duration draw,
           std::int64_t roundedUp);

  // The rate was `rate` until now: settles what has left, and how much of the rest has been sent.
  // `last_arrival` is that of the link: of all that it delivered.
  void halt(TimePoint now, std::int64_t rate, TimePoint lastArrival);

  // Where the link stands when all that waits is timed.
  struct State {
    TimePoint transmitterFree;
    std::int64_t roundedUp = 0;
    TimePoint lastArrival;
    Duration busy;  // what serialization takes more than was said before, all packets together
  };
  // From now on the rate is `rate`, which may be 0 (down); after halt().
  State resume(TimePoint now, std::int64_t rate, Duration delay, bool reorders,
               std::vector<Retiming>& retimed);

 private:
  struct Waiting {
    PacketId id = kNoPacket;
    bool lost = false;
    bool scheduled = true;  // false: waits for the link to come up
    TimePoint offered, departure;
    std::int64_t rest = 0;       // to be sent, in units of 1e-9 bit, as of the last halt()
    std::int64_t roundedUp = 0;  // of the departure
    Duration sending;            // time on the wire before the last halt()
    Duration draw;
    Transmission said;
  };

  void settle(TimePoint now);

  std::deque<Waiting> waiting_;  // in the order of their departures
  TimePoint onLine_;             // latest arrival of what has left
};

}  // namespace callflow::fabric
