// A TURN server between the legs of a path (RFC 8656): it works on each packet and sends it on.
#pragma once

#include "models/fabric/simulator.h"
#include "models/path/transit.h"
#include "models/relay/parameters.h"

namespace callflow::relay {

class Server : public path::FrameSink, public fabric::LaneClient {
 public:
  Server(path::Transit& transit, const Relay& parameters);

  void onFrame(path::FrameHandle handle, TimePoint now) override;
  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  Duration processing_;
  fabric::LaneId lane_;
};

}  // namespace callflow::relay
