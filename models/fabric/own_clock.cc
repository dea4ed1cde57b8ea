#include "models/fabric/own_clock.h"

#include <ns3/make-event.h>
#include <ns3/object.h>

#include "models/fabric/ns3_time.h"

namespace callflow::fabric {

OwnClock::OwnClock() : simulator_(ns3::CreateObject<FabricSimulator>()) {}

OwnClock::~OwnClock() {
  simulator_->Destroy();
}

void OwnClock::advanceTo(TimePoint when) {
  if (when <= simulator_->now()) return;
  simulator_->Schedule(toNs3(when - simulator_->now()), ns3::MakeEvent([] {}));
  simulator_->Run();
}

}  // namespace callflow::fabric
