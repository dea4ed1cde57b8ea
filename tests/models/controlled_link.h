// One sender of video, a controller, and one link: enough to see whether a controller settles.
//   The encoder makes 30 frames a second of the target's size. Packets wait in front of a pacer,
//   which sends one when those before it are paid for. The link is a FIFO of 300 ms that drops what
//   does not fit. Feedback comes every 100 ms.
#pragma once

#include <cstdint>
#include <vector>

#include "models/congestion/controller.h"

namespace callflow::congestion {

// The link has this capacity from then on.
struct Capacity {
  Duration from;
  DataRate rate;
};

// What happened in a tenth of a second.
struct Tenth {
  DataRate delivered;
  DataRate target;   // at its end
  Duration delay;    // longest one way, of packets that arrived
  Duration waiting;  // longest at the sender
  std::int64_t dropped = 0;
};

struct LinkRun {
  std::vector<Tenth> tenths;

  // Between two times:
  DataRate delivered(Duration from, Duration to) const;
  Duration longestDelay(Duration from, Duration to) const;
  Duration longestWaiting(Duration from, Duration to) const;
  std::int64_t dropped(Duration from, Duration to) const;
};

struct LinkSetup {
  std::vector<Capacity> capacity;
  Duration length;
  Duration propagation = Duration::ms(50);  // each way
  Duration queue = Duration::ms(300);
  Demand demand{DataRate::kbps(150), DataRate::kbps(2500), {}};
  // Of every so many packets one is lost before the queue; 0: none.
  std::int64_t loseOneOf = 0;
};

LinkRun runLink(Controller& controller, const LinkSetup& setup);

}  // namespace callflow::congestion
