#include "src/sim/schedule.h"

#include <ns3/simulator.h>

#include <utility>

#include "models/fabric/ns3_time.h"

namespace callflow::sim {

void at(TimePoint when, std::function<void()> what) {
  const ns3::Time delay = fabric::toNs3(when) - ns3::Simulator::Now();
  ns3::Simulator::Schedule(delay, std::move(what));
}

}  // namespace callflow::sim
