// A TURN server between the legs of a path (RFC 8656): it works on each packet and sends it on.
#pragma once

#include "models/path/transit.h"
#include "models/relay/parameters.h"

namespace callflow::relay {

class Server : public path::FrameSink, public path::Processing {
 public:
  Server(path::Transit& transit, const Relay& parameters)
      : FrameSink(transit), Processing(transit, parameters.processing) {}

  void onFrame(path::FrameHandle handle, TimePoint now) override {
    transit().advance(handle);
    process(handle, now);
  }

 private:
  void onProcessed(path::FrameHandle handle) override { transit().sendOnLeg(handle); }
};

}  // namespace callflow::relay
