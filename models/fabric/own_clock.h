// A simulator beside ns-3's own: for a fabric that runs to its end within an instant of the
// program, such as one that packets are only tried on. No ns-3 events in it.
#pragma once

#include "models/fabric/simulator.h"

namespace callflow::fabric {

class OwnClock {
 public:
  OwnClock();
  ~OwnClock();
  OwnClock(const OwnClock&) = delete;
  OwnClock& operator=(const OwnClock&) = delete;

  FabricSimulator& simulator() { return *simulator_; }
  // Until nothing is on its way any more.
  void run() { simulator_->Run(); }
  // The same, and then it is this time. Not back.
  void advanceTo(TimePoint when);

 private:
  ns3::Ptr<FabricSimulator> simulator_;
};

}  // namespace callflow::fabric
