// The only place where callflow's times and ns-3's become each other. ns-3 counts in nanoseconds
// unless a program asks otherwise, and callflow never does.
#pragma once

#include <ns3/nstime.h>

#include "src/units/units.h"

namespace callflow::fabric {

inline ns3::Time toNs3(Duration duration) {
  return ns3::NanoSeconds(duration.count());
}
inline ns3::Time toNs3(TimePoint time) {
  return ns3::NanoSeconds(time.count());
}

}  // namespace callflow::fabric
