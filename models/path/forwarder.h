// A server between two legs of a path, such as a TURN server (RFC 8656): it works on each packet
// and sends it on. What ends its path here is the server's own.
#pragma once

#include "models/path/transit.h"

namespace callflow::path {

class Forwarder : public FrameSink, public Processing {
 public:
  Forwarder(Transit& transit, Duration processing)
      : FrameSink(transit), Processing(transit, processing) {}

  // From now on it passes nothing on.
  void die() { alive_ = false; }
  // It does again, on paths that are found from now on: it has forgotten those of before.
  void revive(TimePoint now) {
    alive_ = true;
    since_ = now;
  }

  void onFrame(FrameHandle handle, TimePoint now) override {
    const Frame& frame = transit()[handle];
    if (!alive_ || frame.path->found < since_) {
      transit().lose(handle);
      return;
    }
    if (frame.leg + 1 == frame.path->legs.size()) {
      transit().arrive(handle, now);
      return;
    }
    transit().advance(handle);
    process(handle, now);
  }

 private:
  void onProcessed(FrameHandle handle) override { transit().sendOnLeg(handle); }

  bool alive_ = true;
  TimePoint since_ = {};
};

}  // namespace callflow::path
