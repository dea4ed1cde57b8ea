// A TURN server between the legs of a path (RFC 8656): it works on each packet and sends it on.
#pragma once

#include "models/path/transit.h"
#include "models/relay/parameters.h"

namespace callflow::relay {

class Server : public path::Server {
 public:
  Server(path::Transit& transit, const Relay& parameters)
      : path::Server(transit, parameters.processing) {}

  void onFrame(path::FrameHandle handle, TimePoint now) override {
    transit().advance(handle);
    work(handle, now);
  }
};

}  // namespace callflow::relay
