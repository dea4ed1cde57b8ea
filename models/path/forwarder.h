// A server between two legs of a path, such as a TURN server (RFC 8656): it works on each packet
// and sends it on.
#pragma once

#include "models/path/transit.h"

namespace callflow::path {

class Forwarder : public FrameSink, public Processing {
 public:
  Forwarder(Transit& transit, Duration processing)
      : FrameSink(transit), Processing(transit, processing) {}

  void onFrame(FrameHandle handle, TimePoint now) override {
    transit().advance(handle);
    process(handle, now);
  }

 private:
  void onProcessed(FrameHandle handle) override { transit().sendOnLeg(handle); }
};

}  // namespace callflow::path
