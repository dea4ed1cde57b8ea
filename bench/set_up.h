// Calls that find their paths, and keep them: ICE, TURN and DTLS of two clients each, behind the
// NATs of many sites.
#pragma once

#include <cstdint>
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

  // Once: three seconds, within which all have connected.
  SetUpResult run();
  // After run(): their clients ask each other for consent (RFC 7675), without media, for so long.
  // How many of them were answered.
  std::int64_t keep(Duration time);

 private:
  struct Ready;
  std::unique_ptr<Ready> ready_;
};

}  // namespace callflow::bench
