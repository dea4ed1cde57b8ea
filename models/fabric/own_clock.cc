#include "models/fabric/own_clock.h"

#include <ns3/object.h>

namespace callflow::fabric {

OwnClock::OwnClock() : simulator_(ns3::CreateObject<FabricSimulator>()) {}

OwnClock::~OwnClock() {
  simulator_->Destroy();
}

}  // namespace callflow::fabric
