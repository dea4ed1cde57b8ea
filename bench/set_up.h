// Calls that find their paths: ICE, TURN and DTLS of two clients each, behind the NATs of many
// sites.
#pragma once

#include <memory>

#include "src/units/units.h"

namespace callflow::bench {

struct SetUpResult {
  double cpuSeconds = 0;  // of what the agents, relays and boxes did
  int connected = 0;      // calls, at both ends
  Duration simulated;     // until the last of them was
};

class SetUps {
 public:
  // So many calls, which begin evenly within a second, between clients of so many sites.
  SetUps(int calls, int sites);
  ~SetUps();
  SetUps(const SetUps&) = delete;
  SetUps& operator=(const SetUps&) = delete;

  // Once.
  SetUpResult run();

 private:
  struct Ready;
  std::unique_ptr<Ready> ready_;
};

}  // namespace callflow::bench
